"""What somebody who is not staff may write in Oscar's catalogue dashboard: as in the member space.

Oscar lets users of a partner in who have ``partner.dashboard_access``. It shows their HTML
unescaped, takes any price, currency and file, and knows no listing limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions.loading import registered
from oscar_subscriptions.sellers import form_fields, listings, parking, pictures, withdrawn
from oscar_subscriptions.transactions import locked

if TYPE_CHECKING:
    from django.views import View

    from oscar_subscriptions.protocols import Partner, Product, Rows, Seller, StockRecord, User

PDF = b"%PDF-"
LOWEST = Decimal("0.01")  # as in the form of a service


def lock_sellers(user: User) -> list[Seller]:
    """Return the sellers for whose partners ``user`` signs in; locks them."""
    sellers = registered.Seller.objects.filter(partner__users=user).order_by("pk")
    return [locked(registered.Seller, pk) for pk in sellers.values_list("pk", flat=True)]


def guard_html(form: forms.BaseForm, attributes: Iterable[Any]) -> None:
    """Let Oscar's product form sanitise the description and rich text.

    Args:
        attributes: the ``ProductAttribute`` rows of the form's product class.
    """
    rich = {f"attr_{each.code}" for each in attributes if each.type == each.RICHTEXT}
    for name in form.fields.keys() & {"description", *rich}:
        field = form.fields[name]
        form.fields[name] = form_fields.HtmlField(
            label=field.label,
            required=field.required,
            widget=field.widget,
            help_text=field.help_text,
        )


def guard_price(form: forms.BaseForm) -> None:
    """Let Oscar's form of a stock record ask for price and currency as our own forms do."""
    price, currency = form.fields["price"], form.fields["price_currency"]
    form.fields["price"] = form_fields.PriceField(min_value=LOWEST, label=price.label)
    currency.validators.append(check_currency)


def check_currency(value: str) -> None:
    """Refuse a currency that is not the shop's: ``ValidationError``."""
    if value != settings.OSCAR_DEFAULT_CURRENCY:
        raise ValidationError(
            _("The shop sells in %(currency)s.") % {"currency": settings.OSCAR_DEFAULT_CURRENCY}
        )


def rewrite_uploads(files: MultiValueDict[str, Any]) -> None:
    """Replace each upload by a picture written anew, except PDFs; before any transaction.

    A file of another kind, such as HTML, would be served from the shop's own address.

    Raises:
        ValidationError: not a picture, or one that is too large.
    """
    uploads: dict[str, Any] = files.dict()
    for name, upload in uploads.items():
        is_pdf = str(upload.name).lower().endswith(".pdf") and upload.read(len(PDF)) == PDF
        upload.seek(0)
        if not is_pdf:
            files[name] = pictures.rewritten(upload)


def problem_with_publishing(sellers: Iterable[Seller], products: Iterable[Product]) -> str:
    """Return a message if a seller's limit does not leave room for ``products``, else "".

    Args:
        sellers: those whose stock records the products have, or are about to have; locked.
        products: all are to be public.
    """
    wanted = {product.pk for product in products}
    for seller in sellers:
        shown = listings.services(seller).filter(is_public=True)
        free = listings.free_slots(seller)
        if free is not None and len(wanted) - shown.filter(pk__in=wanted).count() > free:
            return parking.limit_message()
    return ""


def keep_too_many(sellers: Iterable[Seller]) -> bool:
    """Return whether one of the ``sellers`` keeps too many withdrawn services to add another."""
    try:
        for seller in sellers:
            withdrawn.check(seller)
    except withdrawn.TooManyWithdrawnError:
        return True
    return False


def problem_with_new_prices(user: User, products: Rows, changes: Mapping[str, Any]) -> str:
    """Return a message if Oscar's bulk action would set a price that our forms refuse, else "".

    Args:
        products: those that were chosen.
        changes: the form's ``cleaned_data``.
    """
    records: Iterable[StockRecord] = get_model("partner", "StockRecord").objects.filter(
        product__in=products, partner__users=user, partner__in=changes["partners"]
    )
    for record in records:
        price = _new_price(record, changes)
        if price is None or not LOWEST <= price <= form_fields.MAX_PRICE:
            return _("Nothing was changed: a price would be below %(low)s or above %(high)s.") % {
                "low": LOWEST,
                "high": form_fields.MAX_PRICE,
            }
    return ""


def _new_price(record: StockRecord, changes: Mapping[str, Any]) -> Decimal | None:
    specific: Decimal | None = changes.get(f"price_{record.product_id}")
    new: Decimal | None = specific if specific is not None else changes.get("new_price")
    if new is not None or record.price is None:
        return new
    amount, percentage = changes.get("increase_by_amount"), changes.get("increase_by_percentage")
    return record.price + (amount or 0) + record.price * (percentage or 0) / 100


def sellers_among(sellers: Iterable[Seller], partners: Iterable[Partner]) -> list[Seller]:
    """Return those of ``sellers`` who sell under one of the ``partners``."""
    chosen = {partner.pk for partner in partners}
    return [seller for seller in sellers if seller.partner_id in chosen]


def kept_partners(records: forms.BaseFormSet) -> list[Partner]:
    """Return the partners of the stock records in a valid formset that are not to be deleted."""
    deleted = records.deleted_forms
    remaining = [form for form in records.forms if form not in deleted]
    partners: list[Partner | None] = [form.cleaned_data.get("partner") for form in remaining]
    return [partner for partner in partners if partner]


def without_plans(view: View, products: Rows) -> Rows:
    """Return ``products`` without those of plans, unless the user is staff."""
    if view.request.user.is_staff:
        return products
    return products.filter(subscription_plan__isnull=True)

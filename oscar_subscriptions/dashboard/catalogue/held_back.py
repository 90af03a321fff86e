"""Services that are out of the shop for a reason, on the page where staff edit products.

A parked service comes back by itself, so the form shows it as public: saved as public it stays
parked; saved as not public it is taken down. A service that was taken down can't be made public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions.loading import registered
from oscar_subscriptions.sellers import listings, take_downs
from oscar_subscriptions.sql.key_lists import among
from oscar_subscriptions.transactions import for_update

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.forms import BaseForm

    from oscar_subscriptions.protocols import ParkedListing, Product, Seller, TakeDown, User


def lock_sellers_of(products: Collection[int]) -> None:
    """Lock the sellers whose stock records these products have, before anybody asks what keeps one
    of them out of the shop: a take-down at the same time waits, or is seen.

    Args:
        products: primary keys. A transaction must be open.
    """
    records = get_model("partner", "StockRecord").objects.filter(product__in=among(products))
    rows = registered.Seller.objects.filter(partner__in=records.values("partner")).order_by("pk")
    list(for_update(rows).values_list("pk", flat=True))


def parking_of(product: Product | None) -> ParkedListing | None:
    """Return what says that ``product`` is parked, or ``None``."""
    if product is None or product.pk is None:
        return None
    rows = registered.ParkedListing.objects.select_related("seller")
    return rows.filter(product=product.pk).first()


def take_down_of(product: Product | None) -> TakeDown | None:
    """Return what keeps ``product`` out of the shop, or ``None``."""
    if product is None or product.pk is None:
        return None
    return registered.TakeDown.objects.of_service(product)


def seller_of(product: Product | None) -> Seller | None:
    """Return the seller whose service ``product`` is, or ``None``."""
    if product is None or product.pk is None:
        return None
    sellers = registered.Seller.objects.filter(partner__stockrecords__product=product.pk)
    found = sellers.order_by("pk").first()
    if found is None or not listings.services(found).filter(pk=product.pk).exists():
        return None
    return found


def parkings_among(products: Iterable[Product]) -> list[ParkedListing]:
    """Return what says that some of ``products`` are parked."""
    rows = registered.ParkedListing.objects.select_related("seller", "product")
    return list(rows.filter(product__in=[product.pk for product in products]).order_by("pk"))


def keep_out(form: BaseForm, product: Product) -> bool:
    """Keep a parked ``product`` out of the shop whatever the form says; return whether staff want
    it taken down."""
    product.is_public = False
    return "is_public" in form.fields and not form.cleaned_data.get("is_public")


def take_down(parking: ParkedListing, product: Product, actor: User) -> None:
    """Take down a parked service that staff have saved as not public."""
    reason = _("It was taken out of the catalogue.")
    take_downs.take_down(parking.seller, product, reason=reason, actor=actor)


def problem_with_publishing(products: Iterable[Product]) -> str:
    """Return a message if one of ``products`` was taken down, else ""."""
    rows = registered.TakeDown.objects.open().filter(
        Q(product__in=[product.pk for product in products if product.pk is not None])
    )
    row = rows.select_related("product").first()
    if row is None or row.product is None:
        return ""
    return _("“%(service)s” was taken down: %(reason)s Lift that first.") % {
        "service": row.product.title,
        "reason": row.reason,
    }

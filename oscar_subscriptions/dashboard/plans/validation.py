"""What would make a plan unsafe or contradictory, each with a reason in the operator's language.

Each function yields pairs of the form's field (``None``: the whole) and the reason.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions.dashboard.plans import new_vendor
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import vendors

Problems = Iterable[tuple[str | None, Any]]


def vendor_problems(data: dict[str, Any]) -> Iterator[tuple[str | None, Any]]:
    """Say what is wrong with the vendor, chosen or new, in ``cleaned_data``."""
    name = data.get("new_vendor")
    if not name:
        if data["vendor"] is None:
            reason = _("Who sells this plan? Please name the vendor.")
            yield "new_vendor", reason
        return
    if data["vendor"] is not None:
        yield "new_vendor", _("Either choose a vendor or name a new one, not both.")
    if get_model("partner", "Partner").objects.filter(name__iexact=name).exists():
        yield "new_vendor", _("There is a partner of this name already.")
    if given := new_vendor.address(data):
        yield from _by_field(lambda: given.full_clean(exclude=["partner"]))


def product_problems(plan: Any) -> Iterator[tuple[str | None, Any]]:
    """Say who else could change the price of the product that ``plan`` sells."""
    if plan.product_id is None:
        return
    foreign = vendors.foreign_records().filter(product=plan.product_id).select_related("partner")
    if foreign:
        names = ", ".join(record.partner.display_name for record in foreign)
        yield (
            None,
            _(
                "The product is also offered by %(names)s, who could change the price. Remove "
                "that stock record in the catalogue first."
            )
            % {"names": names},
        )
    elif plan.product.stockrecords.count() > 1:
        yield (
            None,
            _(
                "The product has several stock records, so the price is not certain. Keep one "
                "of them in the catalogue."
            ),
        )


def title_problems(plan: Any, data: dict[str, Any]) -> Iterator[tuple[str | None, Any]]:
    """Say whether another plan on sale has the title."""
    if data.get("is_on_sale") and data.get("title") and is_taken(data["title"], plan):
        yield "title", title_taken()


def is_taken(title: str, plan: Any) -> bool:
    """Tell whether another plan on sale has ``title``: members could not tell them apart."""
    others = registered.Plan.objects.filter(is_on_sale=True)
    return others.filter(product__title__iexact=title).exclude(pk=plan.pk).exists()


def title_taken() -> str:
    """Message: see :func:`is_taken`."""
    return _("Another plan on sale has this title. Members could not tell them apart.")


def _by_field(check: Any) -> Iterator[tuple[str | None, Any]]:
    try:
        check()
    except ValidationError as error:
        yield from error.message_dict.items()

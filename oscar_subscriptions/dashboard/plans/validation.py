"""Rules that keep plans from being unsafe or contradictory.

Each function yields pairs: the form's field, or ``None`` for the form as a whole, and one or
several reasons in the active language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions.dashboard.plans import new_vendor
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import vendors

if TYPE_CHECKING:
    from oscar_subscriptions.dashboard.plans.saving import PlanData
    from oscar_subscriptions.protocols import Plan, StockRecord

Problems: TypeAlias = "Iterator[tuple[str | None, str | list[str]]]"


def vendor_problems(data: PlanData) -> Problems:
    """Yield the problems of the vendor, chosen or new; ``data`` has the key ``vendor``."""
    name = data.get("new_vendor")
    if not name:
        if data["vendor"] is None:
            yield "new_vendor", _("Who sells this plan? Please name the vendor.")
        return
    if data["vendor"] is not None:
        yield "new_vendor", _("Either choose a vendor or name a new one, not both.")
    if get_model("partner", "Partner").objects.filter(name__iexact=name).exists():
        yield "new_vendor", _("There is a partner of this name already.")
    if given := new_vendor.address(data):
        yield from _by_field(partial(given.full_clean, exclude=["partner"]))


def product_problems(plan: Plan) -> Problems:
    """Yield what makes the price of the plan's product unsafe or uncertain."""
    if not plan.product_id:
        return
    records = vendors.foreign_records().filter(product=plan.product_id)
    foreign: list[StockRecord] = list(records.select_related("partner"))
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


def title_problems(plan: Plan, data: PlanData) -> Problems:
    """Yield a problem if another plan on sale has the title."""
    if data.get("is_on_sale") and data.get("title") and is_taken(data["title"], plan):
        yield "title", title_taken()


def is_taken(title: str, plan: Plan) -> bool:
    """Return whether another plan on sale has ``title``: members could not tell them apart."""
    others = registered.Plan.objects.filter(is_on_sale=True)
    return others.filter(product__title__iexact=title).exclude(pk=plan.pk).exists()


def title_taken() -> str:
    """Return the message for a title that :func:`is_taken`."""
    return _("Another plan on sale has this title. Members could not tell them apart.")


def _by_field(check: Callable[[], None]) -> Problems:
    try:
        check()
    except ValidationError as error:
        yield from error.message_dict.items()

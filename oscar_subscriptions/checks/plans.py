"""Checks of the plans themselves; they read the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.core.checks import CheckMessage, Warning
from oscar.core.loading import get_class

from oscar_subscriptions.checks.database import database_check
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import vendors

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Price, StockRecord, Strategy


@database_check("oscar_subscriptions", "Plan")
def check_foreign_records() -> Iterator[CheckMessage]:
    """W010: only the shop itself has a stock record on the product of a plan."""
    record: StockRecord
    ignored = vendors.are_foreign_ignored()
    for record in vendors.foreign_records().select_related("partner", "product").order_by("pk"):
        consequence = "Its price is ignored." if ignored else "The plan is not sold meanwhile."
        yield Warning(
            f"The plan {record.product.get_title()!r} is also offered by "
            f"{record.partner.display_name!r}, where somebody who is not staff sets the price. "
            f"{consequence}",
            hint="Remove that stock record in the catalogue, or that user from the partner.",
            id="oscar_subscriptions.W010",
        )


@database_check("oscar_subscriptions", "Plan")
def check_vendors() -> Iterator[CheckMessage]:
    """W011: every plan on sale is sold by a partner without sellers."""
    plans = registered.Plan.objects.on_sale().select_related("product")
    for plan in plans.order_by("pk"):
        if vendors.own_record(plan.product) is None:
            yield Warning(
                f"The plan {plan.title!r} is on sale but can't be bought: the shop itself has no "
                "stock record on its product.",
                hint="Edit the plan and choose a vendor whose users are all staff.",
                id="oscar_subscriptions.W011",
            )


@database_check("oscar_subscriptions", "Plan")
def check_prices() -> Iterator[CheckMessage]:
    """W017: the gateway can collect the price of every plan on sale; the catalogue lets staff type
    any price."""
    strategy: Strategy = get_class("partner.strategy", "Selector")().strategy()
    try:
        gateway = get_gateway()
    except (ImportError, RuntimeError):  # another check reports it
        return
    plans = registered.Plan.objects.on_sale().select_related("product")
    for plan in plans.order_by("pk"):
        price: Price = strategy.fetch_for_product(plan.product).price
        if not price.exists or not price.is_tax_known:
            continue
        if not gateway.can_collect(price.incl_tax, price.currency):
            yield Warning(
                f"The plan {plan.title!r} is on sale but can't be bought: with tax it costs "
                f"{price.incl_tax:f} {price.currency}, which can't be charged exactly.",
                hint="Edit the plan and choose a price that is whole in its currency.",
                id="oscar_subscriptions.W017",
            )

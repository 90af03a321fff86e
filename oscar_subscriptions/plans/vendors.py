"""The vendors of plans: partners that only staff can edit, and their stock records.

In Oscar's dashboard partner users set the prices of their own stock records and the status of
orders that contain them. So a stock record on a plan's product is *foreign* if its partner has
sellers: its price is never charged, and the plan is sold from the shop's own record beside it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from oscar.core.loading import get_class, get_model

from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import memo

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import (
        Partner,
        Plan,
        Product,
        Rows,
        StockRecord,
        Strategy,
    )


def own() -> QuerySet[Any]:
    """Return the partners that may sell plans, by name."""
    return _partners().exclude(has_other_users("pk")).order_by("name", "pk")


def with_sellers() -> QuerySet[Any]:
    """Return the partners that anybody but staff can edit."""
    return _partners().filter(has_other_users("pk"))


def has_sellers(partner: Partner) -> bool:
    """Return whether anybody but staff can edit ``partner``."""
    return with_sellers().filter(pk=partner.pk).exists()


def foreign_records() -> QuerySet[Any]:
    """Return the foreign stock records on plans' products."""
    records = get_model("partner", "StockRecord").objects
    return records.filter(has_other_users("partner_id"), product__subscription_plan__isnull=False)


def own_record(product: Product) -> StockRecord | None:
    """Return the stock record from which the shop sells ``product``, or ``None``."""
    records: Rows = product.stockrecords
    return records.exclude(has_other_users("partner_id")).order_by("pk").first()


def sold_by_the_shop(plan: Plan) -> bool:
    """Return whether ``plan`` is sold from one of the shop's own stock records, at its price."""

    def ask() -> bool:
        records = get_model("partner", "StockRecord").objects.filter(product=plan.product_id)
        are_foreign = records.annotate(is_foreign=has_other_users("partner_id"))
        found = set(are_foreign.values_list("is_foreign", flat=True))
        return False in found and (True not in found or are_foreign_ignored())

    return memo.once(("sold by the shop", plan.pk), ask)


def is_price_foreign(product: Product) -> bool:
    """Return whether the shop could charge the price of a foreign record for a plan's ``product``.

    It can't where the strategy ignores foreign records; any other may take the first record.
    """
    return foreign_records().filter(product=product).exists() and not are_foreign_ignored()


def are_foreign_ignored() -> bool:
    """Return whether the shop's strategy ignores foreign stock records, as our mixin does."""
    strategy: Strategy = get_class("partner.strategy", "Selector")().strategy()
    return getattr(strategy, "ignores_foreign_records", False)


def _partners() -> QuerySet[Any]:
    return get_model("partner", "Partner").objects


@cache
def has_other_users(partner: str) -> Q:
    """Return the condition that anybody but staff can edit a row's partner.

    Correlated, so that it costs what the rows are, not what the shop has of partners.

    Args:
        partner: the name of the field with the partner's primary key.
    """
    sellers = registered.Seller.objects.filter(partner=OuterRef(partner))
    return Q(Exists(users(partner))) | Q(Exists(sellers))


def users(partner: str) -> QuerySet[Any]:
    """Return the links to users of a row's partner who are not staff; a seller's partner need not
    have any. ``partner`` as in :func:`has_other_users`."""
    links: QuerySet[Any] = get_model("partner", "Partner").users.through.objects.all()
    return links.filter(partner=OuterRef(partner), user__is_staff=False)

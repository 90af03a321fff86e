"""What the shop's strategy asks of the stock records on a page: all of them in one query.

Oscar asks a strategy product by product, and Django does not tell which rows were loaded together.
So the primary keys of the stock records that were read lately are remembered, and the first
question about one of them is asked about all: those of a list, if its queryset prefetches them.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import memo
from oscar_subscriptions.plans import vendors

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import StockRecord

_CACHE = "_oscar_subscriptions_offers"
# More than a page shows; what was read before is forgotten.
_MOST = 500
# Of each thread or task.
_read: ContextVar[set[int] | None] = ContextVar("read", default=None)


@dataclass(frozen=True)
class Offer:
    """What is offered by a stock record today (shop timezone).

    Attributes:
        is_retired: its product is a plan that is off sale or not public.
        is_foreign: its product is a plan, and others than staff can edit the record's partner.
        is_sellers: its partner is a seller's.
        is_open: and that member is a seller today.
    """

    is_retired: bool = False
    is_foreign: bool = False
    is_sellers: bool = False
    is_open: bool = False


class Offers:
    """The offers of one request, by stock record; each is asked for once."""

    def __init__(self) -> None:
        self._known: dict[int, Offer] = {}

    def __getitem__(self, record: StockRecord) -> Offer:
        if record.pk not in self._known:
            asked = {record.pk, *(_read.get() or ())} - self._known.keys()
            # A record that was deleted since offers nothing special.
            self._known |= {record.pk: Offer()} | _offers(asked)
        return self._known[record.pk]


def of_request(request: object) -> Offers:
    """Return the offers that all strategies of ``request`` share; ``None``: those of one piece of
    work, see ``memo``."""
    if request is None:
        return memo.once(_CACHE, Offers)
    found = getattr(request, _CACHE, None)
    if not isinstance(found, Offers):
        found = Offers()
        setattr(request, _CACHE, found)
    return found


def remember(record: StockRecord) -> None:
    """Remember that ``record`` was read, for the next question about any."""
    read = _read.get()
    if read is None or len(read) >= _MOST:
        read = set()
        _read.set(read)
    if record.pk is not None:  # it is not about to be created
        read.add(record.pk)


def _offers(records: Iterable[int]) -> dict[int, Offer]:
    sellers = registered.Seller.objects.filter(partner=OuterRef("partner_id"))
    is_plan = Q(product__subscription_plan__isnull=False)
    is_sold = Q(product__subscription_plan__is_on_sale=True, product__is_public=True)
    rows = get_model("partner", "StockRecord").objects.filter(pk__in=records)
    rows = rows.annotate(
        is_retired=is_plan & ~is_sold,
        is_foreign=is_plan & vendors.has_other_users("partner_id"),
        is_sellers=Exists(sellers),
        is_open=Exists(sellers.active(conf.today())),
    )
    names = ("is_retired", "is_foreign", "is_sellers", "is_open")
    return {pk: Offer(*answers) for pk, *answers in rows.values_list("pk", *names)}

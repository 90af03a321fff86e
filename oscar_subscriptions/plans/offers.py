"""What the shop's strategy asks of the stock records on a page: all of them in one query.

Oscar asks a strategy product by product, and Django does not tell which rows were loaded together.
So the primary keys of the products and stock records that were read lately are remembered, and the
first question about one of them is asked about all.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from oscar_subscriptions.mail import memo
from oscar_subscriptions.plans import offer_rows

if TYPE_CHECKING:
    from oscar_subscriptions.plans.offer_rows import OfferRow
    from oscar_subscriptions.protocols import (
        BasketLine,
        OrderLine,
        Product,
        Seller,
        StockRecord,
    )

_CACHE = "_oscar_subscriptions_offers"
# More than a page shows; what was read before is forgotten.
_MOST = 500


@dataclass
class _Read:
    """Primary keys of the rows that were read lately."""

    records: set[int] = field(default_factory=set)
    products: set[int] = field(default_factory=set)


# Of each thread or task.
_read: ContextVar[_Read | None] = ContextVar("read", default=None)


@dataclass(frozen=True)
class Offer:
    """What is offered by a stock record today (shop timezone).

    Attributes:
        is_retired: its product is a plan that is off sale or not public.
        is_foreign: its product is a plan, and others than staff can edit the record's partner.
        is_sellers: its partner is a seller's.
        is_open: and that member is a seller today.
        is_plan: its product is a plan.
        row: what it was made of.
    """

    is_retired: bool = False
    is_foreign: bool = False
    is_sellers: bool = False
    is_open: bool = False
    is_plan: bool = field(default=False, compare=False)
    row: OfferRow | None = field(default=None, compare=False, repr=False)

    @property
    def seller(self) -> Seller | None:
        """The ``Seller`` with the partner's name and code, if it is a seller's."""
        return self.row.read_seller() if self.row is not None and self.is_sellers else None


class Offers:
    """The offers of one request, by stock record; each is asked for once."""

    def __init__(self) -> None:
        self._known: dict[int, Offer] = {}
        self._of_products: dict[int, list[int]] = {}

    def __getitem__(self, record: StockRecord) -> Offer:
        return self.by_key(record.pk)

    def by_key(self, record: int) -> Offer:
        """Return the offer of a stock record by its primary key."""
        if record not in self._known:
            self._ask(record=record)
            # A record that was deleted since offers nothing special.
            self._known.setdefault(record, Offer())
        return self._known[record]

    def of_product(self, product: Product) -> list[Offer]:
        """Return the offers of all stock records of ``product``."""
        loaded = getattr(product, "_prefetched_objects_cache", {}).get("stockrecords")
        if loaded is not None:
            return [self[record] for record in loaded]
        if product.pk not in self._of_products:
            remember_product(product)
            self._ask()
        return [self._known[pk] for pk in self._of_products[product.pk]]

    def _ask(self, record: int | None = None) -> None:
        """Ask about a stock record, and about those and the products that were read lately."""
        read = _read.get() or _Read()
        records = read.records - self._known.keys()
        if record is not None:
            records.add(record)
        products = read.products - self._of_products.keys()
        self._of_products |= {product: [] for product in products}
        for row in offer_rows.read(records, products):
            self._known[row.record] = _offer(row)
            if row.product in products:
                self._of_products[row.product].append(row.record)


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


def of_strategy(strategy: object) -> Offers | None:
    """Return the offers that ``strategy`` knows of; ``None`` without our mixin."""
    found = getattr(strategy, "offers", None)
    return found if isinstance(found, Offers) else None


def of_line(line: BasketLine | OrderLine) -> Offers | None:
    """Return the offers that the strategy of a line's basket knows of; ``None`` without our mixin,
    or without a basket that has been read."""
    row: Any = line
    basket = row._state.fields_cache.get("basket")
    return of_strategy(basket.strategy if basket is not None and basket.has_strategy else None)


def remember(record: StockRecord) -> None:
    """Remember that ``record`` was read, for the next question about any."""
    if record.pk is not None:  # it is not about to be created
        _remembered().records.add(record.pk)


def remember_product(product: Product) -> None:
    """Remember that ``product`` was read, for the next question about any."""
    if product.pk is not None:
        _remembered().products.add(product.pk)


def _remembered() -> _Read:
    read = _read.get()
    if read is None or len(read.records) >= _MOST or len(read.products) >= _MOST:
        read = _Read()
        _read.set(read)
    return read


def _offer(row: OfferRow) -> Offer:
    is_plan, is_sellers = row.plan is not None, row.seller is not None
    return Offer(
        is_retired=is_plan and not (row.is_public and row.is_on_sale),
        is_foreign=is_plan and (row.editor is not None or is_sellers),
        is_sellers=is_sellers,
        is_open=row.term is not None,
        is_plan=is_plan,
        row=row,
    )

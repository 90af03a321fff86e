"""What the shop's strategy asks of the stock records on a page: all of them in one query.

Oscar asks a strategy product by product, and Django does not tell which rows were loaded together.
So the primary keys of the products and stock records that were read lately are remembered, and the
first question about one of them is asked about all.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import memo
from oscar_subscriptions.plans import vendors

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Product, Seller, StockRecord

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
        seller: the ``Seller`` with the partner's name and code; other fields are read when asked.
    """

    is_retired: bool = False
    is_foreign: bool = False
    is_sellers: bool = False
    is_open: bool = False
    is_plan: bool = field(default=False, compare=False)
    seller: Seller | None = field(default=None, compare=False)


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
            self._ask(Q(pk=record))
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
            self._ask(Q(product=product.pk))
        return [self._known[pk] for pk in self._of_products[product.pk]]

    def _ask(self, condition: Q) -> None:
        """Ask about the records of ``condition``, and about those and the products that were read
        lately."""
        read = _read.get() or _Read()
        records = read.records - self._known.keys()
        products = read.products - self._of_products.keys()
        if records:
            condition |= Q(pk__in=records)
        if products:
            condition |= Q(product__in=products)
        self._of_products |= {product: [] for product in products}
        for (record, product), offer in _offers(condition).items():
            self._known[record] = offer
            if product in products:
                self._of_products[product].append(record)


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


def _offers(condition: Q) -> dict[tuple[int, int], Offer]:
    """The offers of the stock records of ``condition``, by primary keys of record and product."""
    return dict(_offer(*values) for values in _rows(conf.today()).filter(condition))


@lru_cache(maxsize=2)
def _rows(day: date) -> QuerySet[Any, Any]:
    """What is asked about any stock records on ``day``; never read itself.

    Half of what a page pays for this statement is writing it, so the part that is always the same
    is written once; and joins are cheaper to write than other conditions.
    """
    member = "partner__subscription_seller__user"
    covering = registered.Term.objects.covering(day).filter(
        subscription__user=OuterRef(member), subscription__user__is_active=True
    )
    rows = get_model("partner", "StockRecord").objects.order_by()
    # Not EXISTS: PostgreSQL might read all terms or users at once, to be prepared for many records.
    rows = rows.annotate(
        term=Subquery(covering.values("pk")[:1]),
        editor=Subquery(vendors.users("partner_id").values("pk")[:1]),
    )
    names = (
        "pk",
        "product_id",
        "term",
        "editor",
        "product__is_public",
        "product__subscription_plan",
        "product__subscription_plan__is_on_sale",
        "partner__subscription_seller",
        "partner_id",
        "partner__name",
        "partner__code",
    )
    asked: QuerySet[Any, Any] = rows.values_list(*names)
    return asked


def _offer(
    record: int,
    product: int,
    term: int | None,
    editor: int | None,
    is_public: bool,
    plan: int | None,
    is_on_sale: bool | None,
    seller: int | None,
    *partner: Any,
) -> tuple[tuple[int, int], Offer]:
    return (record, product), Offer(
        is_retired=plan is not None and not (is_public and is_on_sale),
        is_foreign=plan is not None and (editor is not None or seller is not None),
        is_sellers=seller is not None,
        is_open=term is not None,
        is_plan=plan is not None,
        seller=None if seller is None else _seller(seller, *partner),
    )


def _seller(pk: int, partner_id: int, name: str, code: str) -> Seller:
    """A seller as a page names them."""
    partner = _partly(get_model("partner", "Partner"), id=partner_id, name=name, code=code)
    seller: Seller = _partly(registered.Seller, id=pk, partner_id=partner_id)
    seller.partner = partner
    return seller


def _partly(model: Any, **values: object) -> Any:
    """A row of which some columns are known; Django reads the others when they are asked for."""
    names = [one.attname for one in model._meta.concrete_fields if one.attname in values]
    return model.from_db(None, names, [values[name] for name in names])

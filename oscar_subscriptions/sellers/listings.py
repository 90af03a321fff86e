"""The services of sellers, and the numbers in the shop against the limits.

A *service* is a product whose stock record belongs to a seller's partner.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.sellers import status

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import WithAnnotations

    from oscar_subscriptions.protocols import Seller, User
    from oscar_subscriptions.protocols.oscar import ProductQuerySet
    from oscar_subscriptions.querysets import SellerQuerySet


class Balance(TypedDict):
    """Annotations of the sellers of :func:`to_sync`.

    Attributes:
        balance: as :func:`slot_balance`; with no limit a number above that of any plan.
        is_limited: whether a term covers the day, so that its limit counts.
    """

    balance: int
    is_limited: bool


# Above the limit of any plan.
UNLIMITED = 2**31 - 1


def services(seller: Seller) -> ProductQuerySet:
    """Return all services of ``seller``: public, withdrawn and parked.

    A product with a stock record of another partner is not the seller's to park or to edit; nor is
    a plan's product.
    """
    partner = seller.partner_id
    products: ProductQuerySet = get_model("catalogue", "Product").objects.all()
    records = get_model("partner", "StockRecord").objects
    others = records.filter(product=OuterRef("pk")).exclude(partner=partner)
    # By primary key, so that the database goes from the seller's few records to the products.
    # With EXISTS, SQLite would look at every product of the shop once for each seller.
    own = records.filter(partner=partner).values("product")
    return products.filter(~Exists(others), ~sells_plan("pk"), pk__in=own)


def has_services(user: User) -> bool:
    """Return whether ``user`` is or was a seller and has any service, in one query."""
    partner = registered.Seller.objects.filter(user=user).values("partner")[:1]
    return _records_of(Subquery(partner)).exists()


def _records_of(partner: OuterRef | Subquery) -> QuerySet[Any]:
    """The stock records of the services of one seller; a service may have several.

    From the seller's few records to their products: whatever PostgreSQL believes about the tables,
    it reads no other.
    """
    records: QuerySet[Any] = get_model("partner", "StockRecord").objects
    others = records.filter(product=OuterRef("product")).exclude(partner=OuterRef("partner"))
    return records.filter(~Exists(others), ~sells_plan("product"), partner=partner)


def sells_plan(product: str) -> Exists:
    """Return the condition that a row's product sells a plan.

    Not a join with the plans: PostgreSQL would expect next to no other products, and read all.

    Args:
        product: the name of the field with the product's primary key.
    """
    return Exists(registered.Plan.objects.filter(product=OuterRef(product)))


def count_public(seller: Seller) -> int:
    """Return how many services of ``seller`` are in the shop."""
    return services(seller).filter(is_public=True).count()


def free_slots(seller: Seller, day: date | None = None) -> int | None:
    """Return how many more services may be in the shop, 0 or more; ``None``: no limit."""
    balance = slot_balance(seller, day)
    return None if balance is None else max(balance, 0)


def slot_balance(seller: Seller, day: date | None = None) -> int | None:
    """Return the seller's limit minus the services in the shop; ``None``: no limit.

    The limit of a lapsed seller is 0.

    Args:
        day: the day of the limit; default: today in the shop's timezone.
    """
    limit = status.listing_limit(seller.user, day) if seller.user is not None else 0
    return None if limit is None else limit - count_public(seller)


def candidates(seller: Seller) -> ProductQuerySet:
    """Return the services that are in the shop or parked; not the withdrawn ones."""
    is_parked = Q(subscription_parking__seller=seller)
    return services(seller).filter(Q(is_public=True) | is_parked)


def own_services(seller: Seller) -> ProductQuerySet:
    """Return the services of ``seller`` without variants, for pages.

    Each has ``is_parked`` (bool), ``taken_down_because``, the reason why staff keep it out of the
    shop, or ``None``, and ``own_records``, a list with the seller's stock record.
    """
    records = get_model("partner", "StockRecord").objects
    own = records.filter(partner=seller.partner_id).order_by("pk")
    parked = registered.ParkedListing.objects.filter(product=OuterRef("pk"))
    taken_down = registered.TakeDown.objects.open().filter(product=OuterRef("pk"))
    return (
        services(seller)
        .filter(structure=get_model("catalogue", "Product").STANDALONE)
        .annotate(
            is_parked=Exists(parked),
            taken_down_because=Subquery(taken_down.values("reason")[:1]),
        )
        .prefetch_related(Prefetch("stockrecords", queryset=own, to_attr="own_records"))
    )


def to_park(day: date | None = None) -> QuerySet[WithAnnotations[Seller, Balance]]:
    """Return the sellers with services to park: lapsed with some in the shop, or above the limit.

    Args:
        day: the day of the terms; default: today in the shop's timezone.
    """
    return _by_balance(day, _TOO_MANY)


def to_restore(day: date | None = None) -> QuerySet[WithAnnotations[Seller, Balance]]:
    """Return the active sellers with parked services and free slots; ``day`` as :func:`to_park`."""
    return _by_balance(day, _ROOM_FOR_PARKED)


def to_sync(day: date | None = None) -> QuerySet[WithAnnotations[Seller, Balance]]:
    """Return the sellers of :func:`to_park` and :func:`to_restore`."""
    return _by_balance(day, _ROOM_FOR_PARKED | _TOO_MANY)


_TOO_MANY = Q(in_shop__gt=Coalesce("limit", 0))
_ROOM_FOR_PARKED = Q(first_parked__isnull=False) & Q(in_shop__lt=F("limit"))


def _by_balance(day: date | None, condition: Q) -> QuerySet[WithAnnotations[Seller, Balance]]:
    # The figures of a row are asked for again only where the condition holds.
    return (
        _with_figures(day)
        .filter(condition)
        .annotate(
            balance=Coalesce("limit", 0) - F("in_shop"),
            is_limited=ExpressionWrapper(Q(limit__isnull=False), output_field=BooleanField()),
        )
        .order_by("pk")
    )


def _with_figures(day: date | None) -> SellerQuerySet:
    """Return all sellers with the aliases ``in_shop``, how many services are public, and ``limit``,
    the largest of their terms: ``NULL`` for a lapsed seller, ``UNLIMITED`` without limit."""
    public = _records_of(OuterRef("partner_id")).filter(product__is_public=True)
    count = Func(F("product"), function="COUNT", template="%(function)s(DISTINCT %(expressions)s)")
    parked = registered.ParkedListing.objects.filter(seller=OuterRef("pk"))
    own = registered.Term.objects.covering(day or conf.today())
    own = own.filter(subscription__user=OuterRef("user_id"), subscription__user__is_active=True)
    limit = Func(Coalesce("listing_limit", Value(UNLIMITED)), function="MAX")
    return registered.Seller.objects.select_related("partner", "user").alias(
        in_shop=Subquery(
            public.order_by().annotate(number=count).values("number"), output_field=IntegerField()
        ),
        # Not EXISTS: PostgreSQL might read all parked services at once.
        first_parked=Subquery(parked.values("pk")[:1]),
        limit=Subquery(
            own.order_by().annotate(largest=limit).values("largest"),
            output_field=IntegerField(),
        ),
    )

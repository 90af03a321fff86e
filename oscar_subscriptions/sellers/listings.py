"""The sellers' services: which there are, how many may be in the shop, who has too many.

A *service* is a product whose stock record belongs to a seller's partner.
"""

from datetime import date
from typing import Any

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.sellers import status

# More than anybody's plan may allow.
UNLIMITED = 2**31 - 1


def services(seller: Any) -> Any:
    """Return a queryset of all services of ``seller``: public, withdrawn and parked.

    A product that somebody else sells too is not the seller's to park or to edit, whoever
    attached himself to it; a plan's product never is.
    """
    return _services_of(seller.partner_id)


def _services_of(partner: Any) -> Any:
    Product = get_model("catalogue", "Product")
    records = get_model("partner", "StockRecord").objects.filter(product=OuterRef("pk"))
    # By their numbers, so that the database goes from the seller's few records to the products.
    # With EXISTS, SQLite would look at every product of the shop once for each seller.
    own = get_model("partner", "StockRecord").objects.filter(partner=partner).values("product")
    return Product.objects.filter(
        ~Exists(records.exclude(partner=partner)), pk__in=own, subscription_plan__isnull=True
    )


def count_public(seller: Any) -> int:
    """Return how many services of ``seller`` are in the shop."""
    return services(seller).filter(is_public=True).count()


def free_slots(seller: Any, day: date | None = None) -> int | None:
    """Return how many more services may go into the shop, 0 or more; ``None``: no limit."""
    balance = slot_balance(seller, day)
    return None if balance is None else max(balance, 0)


def count_surplus(seller: Any, day: date | None = None) -> int:
    """Return how many services in the shop are above the seller's limit."""
    return max(-(slot_balance(seller, day) or 0), 0)


def slot_balance(seller: Any, day: date | None = None) -> int | None:
    """Return the seller's limit minus the services in the shop; ``None``: no limit.

    The limit of a lapsed seller is 0.

    Args:
        day: the day to ask the terms for; default: today in the shop's timezone.
    """
    limit = status.listing_limit(seller.user, day) if seller.user is not None else 0
    return None if limit is None else limit - count_public(seller)


def candidates(seller: Any) -> Any:
    """Return a queryset of the services that are in the shop or parked; not the withdrawn ones."""
    is_parked = Q(subscription_parking__seller=seller)
    return services(seller).filter(Q(is_public=True) | is_parked)


def own_services(seller: Any) -> Any:
    """Return the services that ``seller`` alone offers, as a queryset for the page.

    Each has ``is_parked`` and ``own_records``, a list with the seller's stock record.
    """
    Product = get_model("catalogue", "Product")
    StockRecord = get_model("partner", "StockRecord")
    ParkedListing = registered.ParkedListing
    own = StockRecord.objects.filter(partner=seller.partner_id).order_by("pk")
    return (
        services(seller)
        .filter(structure=Product.STANDALONE)
        .annotate(is_parked=Exists(ParkedListing.objects.filter(product=OuterRef("pk"))))
        .prefetch_related(Prefetch("stockrecords", queryset=own, to_attr="own_records"))
    )


def to_park(day: date | None = None) -> Any:
    """Return a queryset of the sellers with services in the shop that must leave it: those of a
    lapsed seller, or above the limit of an active one."""
    return _with_figures(day).filter(in_shop__gt=Coalesce("limit", 0)).order_by("pk")


def to_restore(day: date | None = None) -> Any:
    """Return a queryset of the active sellers with parked services that have their place again."""
    parked = registered.ParkedListing.objects.filter(seller=OuterRef("pk"))
    return _with_figures(day).filter(Exists(parked), in_shop__lt=F("limit")).order_by("pk")


def _with_figures(day: date | None) -> Any:
    """Sellers with ``in_shop``, how many services are public, and ``limit``, the largest of their
    plans: ``NULL`` for a lapsed seller, ``UNLIMITED`` for one without limit."""
    public = _services_of(OuterRef(OuterRef("partner_id"))).filter(is_public=True)
    own = registered.Term.objects.covering(day or conf.today())
    own = own.filter(subscription__user=OuterRef("user_id"), subscription__user__is_active=True)
    limit = Func(Coalesce("listing_limit", Value(UNLIMITED)), function="MAX")
    return registered.Seller.objects.select_related("partner", "user").alias(
        in_shop=Subquery(_count(public)),
        limit=Subquery(
            own.order_by().annotate(largest=limit).values("largest"),
            output_field=IntegerField(),
        ),
    )


def _count(rows: Any) -> Any:
    return rows.order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n")

"""The sellers' services: which are in the shop, which are parked.

A *service* is a product whose stock record belongs to a seller's partner. Parking takes a lapsed
seller's public services out of the shop and remembers which ones, so that exactly those come back.
"""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from oscar.core.loading import get_model

from oscar_subscriptions import conf, journal, search, signals
from oscar_subscriptions.conflicts import transactional
from oscar_subscriptions.locks import for_update


def services(seller: Any) -> Any:
    """Return a queryset of all services of ``seller``: public, withdrawn and parked.

    A product that somebody else sells too is not the seller's to park or to edit, whoever
    attached himself to it; a plan's product never is.
    """
    Product = get_model("catalogue", "Product")
    records = get_model("partner", "StockRecord").objects.filter(product=OuterRef("pk"))
    return Product.objects.filter(
        Exists(records.filter(partner=seller.partner_id)),
        ~Exists(records.exclude(partner=seller.partner_id)),
        subscription_plan__isnull=True,
    )


def count_public(seller: Any) -> int:
    """Return how many services of ``seller`` are in the shop."""
    return services(seller).filter(is_public=True).count()


@transactional
def park(seller: Any, day: date | None = None) -> list[Any]:
    """Take the public services of a lapsed seller out of the shop and remember them.

    Args:
        seller: a ``Seller``; one whose term covers ``day`` is left alone.
        day: the day to ask the terms for; default: today in the shop's timezone.

    Returns:
        The products that were parked; an empty list when there was nothing to do.
    """
    ParkedListing = get_model("oscar_subscriptions", "ParkedListing")
    if not _lock(seller, active=False, day=day):
        return []
    products = list(services(seller).filter(is_public=True).order_by("pk"))
    for product in products:
        ParkedListing.objects.get_or_create(product=product, defaults={"seller": seller})
        _show(product, False)
    _announce(signals.listings_parked, journal.LISTINGS_PARKED, seller, products)
    return products


@transactional
def restore(seller: Any, day: date | None = None) -> list[Any]:
    """Bring back exactly the services that :func:`park` took, once a term covers again.

    Arguments and return value as in :func:`park`.
    """
    ParkedListing = get_model("oscar_subscriptions", "ParkedListing")
    if not _lock(seller, active=True, day=day):
        return []
    parked = list(
        ParkedListing.objects.filter(seller=seller).select_related("product").order_by("pk")
    )
    for listing in parked:
        _show(listing.product, True)
        listing.delete()
    products = [listing.product for listing in parked]
    _announce(signals.listings_restored, journal.LISTINGS_RESTORED, seller, products)
    return products


def unpark(product: Any) -> None:
    """Forget that ``product`` was parked: its seller has decided about it since."""
    get_model("oscar_subscriptions", "ParkedListing").objects.filter(product=product).delete()


def show(product: Any, public: bool) -> None:
    """Put one service into the shop or take it out, and keep the search index in step."""
    _show(product, public)
    search.refresh([product])


def to_park(day: date | None = None) -> Any:
    """Return a queryset of the lapsed sellers who still have services in the shop."""
    Seller = get_model("oscar_subscriptions", "Seller")
    lapsed = Seller.objects.lapsed(day or conf.today()).with_open_listings()
    return lapsed.select_related("partner", "user")


def to_restore(day: date | None = None) -> Any:
    """Return a queryset of the active sellers who still have parked services."""
    Seller = get_model("oscar_subscriptions", "Seller")
    active = Seller.objects.active(day or conf.today()).filter(parked_listings__isnull=False)
    return active.select_related("partner", "user").distinct()


def _lock(seller: Any, *, active: bool, day: date | None) -> bool:
    # Under the lock the terms are asked again: a renewal may have been paid since we looked.
    Seller = get_model("oscar_subscriptions", "Seller")
    for_update(Seller.objects.all()).get(pk=seller.pk)
    return Seller.objects.active(day or conf.today()).filter(pk=seller.pk).exists() is active


def _show(product: Any, public: bool) -> None:
    product.is_public = public
    product.save(update_fields=["is_public", "date_updated"])


def _announce(signal: Any, kind: str, seller: Any, products: list[Any]) -> None:
    if not products:
        return
    search.refresh(products)
    signals.send_on_commit(signal, sender=type(seller), seller=seller, products=products)
    if seller.user is not None:
        held = seller.user.subscriptions.filter(terms__isnull=False)
        latest = held.order_by("-terms__ends_on", "-pk").first()
        if latest is not None:
            journal.record(latest, kind, detail={"products": [product.pk for product in products]})

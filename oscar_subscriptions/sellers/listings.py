"""The sellers' services: which are in the shop, which are parked.

A *service* is a product whose stock record belongs to a seller's partner. Parking takes a lapsed
seller's public services out of the shop and remembers which ones, so that exactly those come back.
Services above the listing limit are parked in the same way: the youngest first, until the seller
chooses otherwise or the limit grows.

What is parked is a stack: what was parked last comes back first. So a limit that shrinks, a lapse
and a choice may follow each other in any order, and as soon as the limit of before is back, the
services of before are in the shop.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from oscar_subscriptions import conf, journal, signals
from oscar_subscriptions.sellers import search_index, status
from oscar_subscriptions.transactions import locked, transactional

# More than anybody's plan may allow.
UNLIMITED = 2**31 - 1


class LimitReached(Exception):
    """The seller would have more services in the shop than the plan allows."""


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


def room_left(seller: Any, day: date | None = None) -> int | None:
    """Return how many more services may go into the shop; ``None``: no limit; never negative."""
    room = _room(seller, day)
    return None if room is None else max(room, 0)


def count_surplus(seller: Any, day: date | None = None) -> int:
    """Return how many services in the shop are above the seller's limit."""
    return max(-(_room(seller, day) or 0), 0)


def _room(seller: Any, day: date | None) -> int | None:
    """How many more; negative: how many too many; the limit of a lapsed seller is 0."""
    limit = status.listing_limit(seller.user, day) if seller.user is not None else 0
    return None if limit is None else limit - count_public(seller)


@transactional
def park(seller: Any, day: date | None = None) -> list[Any]:
    """Take services out of the shop and remember them: all public ones of a lapsed seller, or those
    above the limit of an active one, the youngest first.

    Args:
        seller: a ``Seller``.
        day: the day to ask the terms for; default: today in the shop's timezone.

    Returns:
        The products that were parked; an empty list when there was nothing to do.
    """
    _lock(seller)
    surplus = count_surplus(seller, day)
    return _park_some(seller, surplus, day) if surplus else []


@transactional
def restore(seller: Any, day: date | None = None) -> list[Any]:
    """Bring back what :func:`park` took, once a term covers again and as far as its limit allows,
    in the reverse order: of those that were parked together, the oldest first.

    Arguments and return value as in :func:`park`.
    """
    _lock(seller)
    room = room_left(seller, day)
    return [] if room == 0 else _restore_some(seller, room)


@transactional
def bring_in_line(seller: Any) -> None:
    """Do what today's terms of ``seller`` ask for: :func:`park` or :func:`restore`."""
    _lock(seller)
    room = _room(seller, None)
    if room is None or room > 0:
        _restore_some(seller, room)
    elif room < 0:
        _park_some(seller, -room, None)


def _park_some(seller: Any, surplus: int, day: date | None) -> list[Any]:
    over_limit = _is_active(seller, day)
    products = list(_youngest_first(services(seller).filter(is_public=True))[:surplus])
    for product in products:
        _park(seller, product, over_limit=over_limit)
    _announce(signals.listings_parked, journal.LISTINGS_PARKED, seller, products)
    return products


def _restore_some(seller: Any, room: int | None) -> list[Any]:
    parked = seller.parked_listings.select_related("product").order_by("-pk")
    # A slice up to None has no end.
    listings = list(parked[:room])
    for listing in listings:
        _show(listing.product, True)
        listing.delete()
    if room == len(listings):  # whatever they were parked for, it is the limit that holds the rest
        seller.parked_listings.update(over_limit=True)
    products = [listing.product for listing in listings]
    _announce(signals.listings_restored, journal.LISTINGS_RESTORED, seller, products)
    return products


def candidates(seller: Any) -> Any:
    """Return a queryset of the services that are in the shop or parked; not the withdrawn ones."""
    is_parked = Q(subscription_parking__seller=seller)
    return services(seller).filter(Q(is_public=True) | is_parked)


@transactional
def choose(seller: Any, chosen: Iterable[Any]) -> None:
    """Let exactly the ``chosen`` services be in the shop, of those that are in it or parked.

    If they are as many as the limit allows, the others are parked, and come back by themselves when
    it grows. If they are fewer, the others are withdrawn: parked ones would take the places that
    are free with the next run.

    Args:
        seller: an active ``Seller``.
        chosen: primary keys of products; others than the seller's own are ignored.

    Raises:
        LimitReached: more were chosen than the limit allows; nothing was changed.
    """
    _lock(seller)
    wanted = list(candidates(seller).filter(pk__in=chosen))
    limit = status.listing_limit(seller.user)
    if limit is not None and len(wanted) > limit:
        raise LimitReached
    others = candidates(seller).exclude(pk__in=[one.pk for one in wanted])
    if len(wanted) == limit:
        for product in _youngest_first(others.filter(is_public=True)):
            _park(seller, product, over_limit=True)
            search_index.refresh([product])
    else:
        for product in others:
            _withdraw(product)
    for product in wanted:
        unpark(product)
        if not product.is_public:
            show(product, True)


@transactional
def withdraw(seller: Any, product: Any) -> None:
    """Take one service out of the shop until its seller publishes it again.

    Under the seller's lock: who is parking meanwhile would remember it as parked.
    """
    _lock(seller)
    _withdraw(product)


def _withdraw(product: Any) -> None:
    unpark(product)
    show(product, False)


def _park(seller: Any, product: Any, *, over_limit: bool) -> None:
    # One that staff published while it was parked is parked anew, and so on top of the others.
    unpark(product)
    seller.parked_listings.create(product=product, over_limit=over_limit)
    _show(product, False)


def _youngest_first(products: Any) -> Any:
    return products.order_by("-date_created", "-pk")


def unpark(product: Any) -> None:
    """Forget that ``product`` was parked: its seller has decided about it since."""
    get_model("oscar_subscriptions", "ParkedListing").objects.filter(product=product).delete()


def show(product: Any, public: bool) -> None:
    """Put one service into the shop or take it out, and keep the search index in step."""
    _show(product, public)
    search_index.refresh([product])


def to_park(day: date | None = None) -> Any:
    """Return a queryset of the sellers with services in the shop that must leave it: those of a
    lapsed seller, or above the limit of an active one."""
    return _with_figures(day).filter(in_shop__gt=Coalesce("limit", 0)).order_by("pk")


def to_restore(day: date | None = None) -> Any:
    """Return a queryset of the active sellers with parked services that have their place again."""
    parked = get_model("oscar_subscriptions", "ParkedListing").objects.filter(seller=OuterRef("pk"))
    return _with_figures(day).filter(Exists(parked), in_shop__lt=F("limit")).order_by("pk")


def _with_figures(day: date | None) -> Any:
    """Sellers with ``in_shop``, how many services are public, and ``limit``, the largest of their
    plans: ``NULL`` for a lapsed seller, ``UNLIMITED`` for one without limit."""
    public = _services_of(OuterRef(OuterRef("partner_id"))).filter(is_public=True)
    own = get_model("oscar_subscriptions", "Term").objects.covering(day or conf.today())
    own = own.filter(subscription__user=OuterRef("user_id"), subscription__user__is_active=True)
    limit = Func(Coalesce("listing_limit", Value(UNLIMITED)), function="MAX")
    return (
        get_model("oscar_subscriptions", "Seller")
        .objects.select_related("partner", "user")
        .alias(
            in_shop=Subquery(_count(public)),
            limit=Subquery(
                own.order_by().annotate(largest=limit).values("largest"),
                output_field=IntegerField(),
            ),
        )
    )


def _count(rows: Any) -> Any:
    return rows.order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n")


def _lock(seller: Any) -> None:
    # Under the lock the terms are asked again: a renewal may have been paid since we looked.
    locked(get_model("oscar_subscriptions", "Seller"), seller.pk)


def _is_active(seller: Any, day: date | None) -> bool:
    Seller = get_model("oscar_subscriptions", "Seller")
    return Seller.objects.active(day or conf.today()).filter(pk=seller.pk).exists()


def _show(product: Any, public: bool) -> None:
    product.is_public = public
    product.save(update_fields=["is_public", "date_updated"])


def _announce(signal: Any, kind: str, seller: Any, products: list[Any]) -> None:
    if not products:
        return
    search_index.refresh(products)
    signals.send_on_commit(signal, sender=type(seller), seller=seller, products=products)
    if seller.user is not None:
        held = seller.user.subscriptions.filter(terms__isnull=False)
        latest = held.order_by("-terms__ends_on", "-pk").first()
        if latest is not None:
            journal.record(latest, kind, detail={"products": [product.pk for product in products]})

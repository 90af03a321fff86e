"""Parking: services leave the shop when their seller lapses, and come back as they were.

Parking takes public services out of the shop and remembers which ones, so that exactly those come
back. Services above the listing limit are parked in the same way: the youngest first, until the
seller chooses otherwise or the limit grows.

What is parked is a stack: what was parked last comes back first. So a limit that shrinks, a lapse
and a choice may follow each other in any order, and as soon as the old limit is back, the same
services are in the shop.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from oscar_subscriptions import conf, journal, signals
from oscar_subscriptions.loading import registered
from oscar_subscriptions.sellers import listings, search_index, status
from oscar_subscriptions.transactions import locked, transactional


class LimitReachedError(Exception):
    """The seller would have more services in the shop than the plan allows."""


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
    surplus = listings.count_surplus(seller, day)
    return _park_some(seller, surplus, day) if surplus else []


@transactional
def restore(seller: Any, day: date | None = None) -> list[Any]:
    """Bring back what :func:`park` took, once a term covers again and as far as its limit allows,
    in the reverse order: of those that were parked together, the oldest first.

    Arguments and return value as in :func:`park`.
    """
    _lock(seller)
    free = listings.free_slots(seller, day)
    return [] if free == 0 else _restore_some(seller, free)


@transactional
def sync_listings(seller: Any) -> None:
    """Do what today's terms of ``seller`` ask for: :func:`park` or :func:`restore`."""
    _lock(seller)
    balance = listings.slot_balance(seller)
    if balance is None or balance > 0:
        _restore_some(seller, balance)
    elif balance < 0:
        _park_some(seller, -balance, None)


def _park_some(seller: Any, surplus: int, day: date | None) -> list[Any]:
    over_limit = _is_active(seller, day)
    products = list(_youngest_first(listings.services(seller).filter(is_public=True))[:surplus])
    for product in products:
        _park(seller, product, over_limit=over_limit)
    _announce(signals.listings_parked, journal.LISTINGS_PARKED, seller, products)
    return products


def _restore_some(seller: Any, free: int | None) -> list[Any]:
    parked = seller.parked_listings.select_related("product").order_by("-pk")
    # A slice up to None has no end.
    rows = list(parked[:free])
    for row in rows:
        _show(row.product, True)
        row.delete()
    if free == len(rows):  # whatever they were parked for, it is the limit that holds the rest
        seller.parked_listings.update(over_limit=True)
    products = [row.product for row in rows]
    _announce(signals.listings_restored, journal.LISTINGS_RESTORED, seller, products)
    return products


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
        LimitReachedError: more were chosen than the limit allows; nothing was changed.
    """
    _lock(seller)
    wanted = list(listings.candidates(seller).filter(pk__in=chosen))
    limit = status.listing_limit(seller.user)
    if limit is not None and len(wanted) > limit:
        raise LimitReachedError
    others = listings.candidates(seller).exclude(pk__in=[one.pk for one in wanted])
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
            publish(product)


@transactional
def withdraw(seller: Any, product: Any) -> None:
    """Take one service out of the shop until its seller publishes it again.

    Under the seller's lock: who is parking meanwhile would remember it as parked.
    """
    _lock(seller)
    _withdraw(product)


def _withdraw(product: Any) -> None:
    unpark(product)
    hide(product)


def _park(seller: Any, product: Any, *, over_limit: bool) -> None:
    # One that staff published while it was parked is parked anew, and so on top of the others.
    unpark(product)
    seller.parked_listings.create(product=product, over_limit=over_limit)
    _show(product, False)


def _youngest_first(products: Any) -> Any:
    return products.order_by("-date_created", "-pk")


def unpark(product: Any) -> None:
    """Forget that ``product`` was parked: its seller has decided about it since."""
    registered.ParkedListing.objects.filter(product=product).delete()


def publish(product: Any) -> None:
    """Put one service into the shop and the search index."""
    _show(product, True)
    search_index.refresh([product])


def hide(product: Any) -> None:
    """Take one service out of the shop and the search index."""
    _show(product, False)
    search_index.refresh([product])


def _lock(seller: Any) -> None:
    # Under the lock the terms are asked again: a renewal may have been paid since we looked.
    locked(registered.Seller, seller.pk)


def _is_active(seller: Any, day: date | None) -> bool:
    Seller = registered.Seller
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
        held = seller.user.oscar_subscriptions.filter(terms__isnull=False)
        latest = held.order_by("-terms__ends_on", "-pk").first()
        if latest is not None:
            journal.record(latest, kind, detail={"products": [product.pk for product in products]})

"""Parking: services leave the shop when their seller lapses, and come back as they were.

Parking takes public services out of the shop and records which ones, so that exactly those come
back. Services above the listing limit are parked in the same way: the youngest first, until the
seller chooses otherwise or the limit grows.

Parked services are a stack: the last one parked comes back first. So a limit that shrinks, a lapse
and a choice may follow each other in any order, and as soon as the old limit is back, the same
services are in the shop.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions.loading import registered
from oscar_subscriptions.sellers import bulk_parking, listings, search_index, status
from oscar_subscriptions.transactions import locked, transactional

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Product, Seller, User
    from oscar_subscriptions.protocols.oscar import ProductQuerySet


class LimitReachedError(Exception):
    """The seller would have more services in the shop than the plan allows."""


def limit_message() -> str:
    """Message: the plan's listing limit is used up."""
    return _(
        "You have as many services in the shop as your subscription allows. Withdraw one first, "
        "or choose a larger plan."
    )


def park(seller: Seller, day: date | None = None) -> list[Product]:
    """Take services out of the shop and record them: all public ones of a lapsed seller, or those
    above the limit of an active one, the youngest first.

    Args:
        seller: a ``Seller``.
        day: the day of the terms; default: today in the shop's timezone.

    Returns:
        The products that were parked.
    """
    return _products(bulk_parking.carry_out(listings.to_park, [seller.pk], day).parked)


def restore(seller: Seller, day: date | None = None) -> list[Product]:
    """Bring back parked services, as far as the limit of the terms on ``day`` allows, in reverse
    order: of those that were parked together, the oldest first.

    Arguments as in :func:`park`; returns the products that came back.
    """
    return _products(bulk_parking.carry_out(listings.to_restore, [seller.pk], day).restored)


def _products(moved: bulk_parking.Moved) -> list[Product]:
    keys = [product for products in moved.values() for product in products]
    found = get_model("catalogue", "Product").objects.in_bulk(keys)
    return [found[pk] for pk in keys]


def sync_listings(seller: Seller) -> None:
    """:func:`park` or :func:`restore`, as today's terms of ``seller`` require."""
    bulk_parking.carry_out(listings.to_sync, [seller.pk])


def mark_due(user: User) -> None:
    """Have the next run look at the services of ``user``, if they are or were a seller."""
    registered.Seller.objects.filter(user=user, is_due=False).update(is_due=True)


@transactional
def choose(seller: Seller, chosen: Iterable[int]) -> None:
    """Put exactly the ``chosen`` services into the shop, of those that are in it or parked.

    If they use up the limit, the others are parked, and come back on their own when it grows. If
    not, the others are withdrawn: the next run would restore parked ones into the free slots.

    Args:
        seller: an active ``Seller``.
        chosen: primary keys of products; those of other sellers are ignored.

    Raises:
        LimitReachedError: more were chosen than the limit allows; nothing was changed.
    """
    _lock(seller)
    wanted: list[Product] = list(listings.candidates(seller).filter(pk__in=chosen))
    limit = status.listing_limit(seller.user) if seller.user is not None else 0
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
def withdraw(seller: Seller, product: Product) -> None:
    """Take one service out of the shop until its seller publishes it again.

    Under the seller's lock: a concurrent :func:`park` would record it as parked.
    """
    _lock(seller)
    _withdraw(product)


def _withdraw(product: Product) -> None:
    unpark(product)
    # What staff have taken down stays withdrawn when they lift it.
    registered.TakeDown.objects.open().filter(product=product.pk).update(was_offered=False)
    hide(product)


def _park(seller: Seller, product: Product, *, over_limit: bool) -> None:
    # A service that staff published while it was parked goes back on top of the stack.
    unpark(product)
    seller.parked_listings.create(product=product, over_limit=over_limit)
    _show(product, False)


def _youngest_first(products: ProductQuerySet) -> ProductQuerySet:
    return products.order_by("-date_created", "-pk")


def unpark(product: Product) -> None:
    """Drop the record that ``product`` is parked, so that it is not restored."""
    registered.ParkedListing.objects.filter(product=product).delete()


def publish(product: Product) -> None:
    """Put one service into the shop and the search index."""
    _show(product, True)
    search_index.refresh([product])


def hide(product: Product) -> None:
    """Take one service out of the shop and the search index."""
    _show(product, False)
    search_index.refresh([product])


def _lock(seller: Seller) -> None:
    # The terms are read under the lock: a renewal may have been paid since the caller read them.
    locked(registered.Seller, seller.pk)


def _show(product: Product, public: bool) -> None:
    product.is_public = public
    product.save(update_fields=["is_public", "date_updated"])

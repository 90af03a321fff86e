"""Park and restore the services of many sellers, in a fixed number of statements.

The rows are written by ``UPDATE``: no product is saved, so that receivers of a product's ``save``
hear nothing. The search index follows, and ``signals.listings_parked`` and ``listings_restored``
tell the shop.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Subquery
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import journal, signals
from oscar_subscriptions.loading import registered
from oscar_subscriptions.sellers import listings, search_index
from oscar_subscriptions.transactions import for_update, transactional

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.dispatch import Signal
    from django_stubs_ext import WithAnnotations

    from oscar_subscriptions.protocols import ParkedListing, Product, Seller
    from oscar_subscriptions.protocols.oscar import ProductQuerySet

    # ``listings.to_park``, ``to_restore`` or ``to_sync``.
    Due = Callable[[date | None], QuerySet[WithAnnotations[Seller, listings.Balance]]]


class Facts(listings.Balance):
    """Annotations of the sellers that are worked on.

    Attributes:
        latest: primary key of the subscription whose history tells of it, if there is one.
    """

    latest: int | None


# The services that were moved, by seller.
Moved = dict["WithAnnotations[Seller, Facts]", list["Product"]]


@dataclass
class Result:
    """What one call has done.

    Attributes:
        parked: the products that left the shop, by seller, the youngest first.
        restored: the products that came back, by seller, in the order in which they came.
        busy: primary keys of sellers that another transaction had locked.
    """

    parked: Moved = field(default_factory=dict)
    restored: Moved = field(default_factory=dict)
    busy: set[int] = field(default_factory=set)

    @property
    def moved(self) -> list[Seller]:
        """The sellers with services that left or came back, by primary key."""
        return sorted([*self.parked, *self.restored], key=lambda seller: seller.pk)


@transactional
def carry_out(
    due: Due, sellers: Collection[int], day: date | None = None, *, wait: bool = True
) -> Result:
    """Park the surplus of sellers, and restore as many parked services as have room.

    Args:
        due: says, under the locks, which of the sellers have services to move: a renewal may have
            been paid since the caller looked.
        sellers: primary keys.
        day: the day of the terms; default: today in the shop's timezone.
        wait: for sellers that another transaction has locked; if not, they are ``busy``.
    """
    rows = registered.Seller.objects.filter(pk__in=sellers).order_by("pk")
    locked = list(for_update(rows, wait=wait))
    keys = [row.pk for row in locked]
    marked = [row.pk for row in locked if row.is_due]
    if marked:
        registered.Seller.objects.filter(pk__in=marked).update(is_due=False)
    found = list(_with_history(due(day).filter(pk__in=keys)))
    return Result(
        parked=_park([seller for seller in found if seller.balance < 0]),
        restored=_restore([seller for seller in found if seller.balance >= 0]),
        busy=set() if wait else set(sellers) - set(keys),
    )


def _with_history(
    sellers: QuerySet[WithAnnotations[Seller, listings.Balance]],
) -> QuerySet[WithAnnotations[Seller, Facts]]:
    held = registered.Subscription.objects.filter(
        user=OuterRef("user_id"), terms__isnull=False
    ).order_by("-terms__ends_on", "-pk")
    return sellers.annotate(latest=Subquery(held.values("pk")[:1]))


def _park(sellers: list[WithAnnotations[Seller, Facts]]) -> Moved:
    if not sellers:
        return {}
    public = _public_services([seller.partner_id for seller in sellers])
    moved = {seller: public[seller.partner_id][: -seller.balance] for seller in sellers}
    keys = [product.pk for products in moved.values() for product in products]
    # A service that staff published while it was parked goes back on top of the stack.
    registered.ParkedListing.objects.filter(product__in=keys).delete()
    registered.ParkedListing.objects.bulk_create(
        registered.ParkedListing(seller=seller, product=product, over_limit=seller.is_limited)
        for seller, products in moved.items()
        for product in products
    )
    _show(moved, False)
    _announce(signals.listings_parked, journal.LISTINGS_PARKED, moved)
    return moved


def _public_services(partners: list[int]) -> dict[int, list[Product]]:
    """The services in the shop by partner, the youngest first; see ``listings.services``."""
    records = get_model("partner", "StockRecord").objects
    others = records.filter(product=OuterRef("pk")).exclude(partner=OuterRef("own"))
    products: ProductQuerySet = get_model("catalogue", "Product").objects.filter(
        ~listings.sells_plan("pk"), stockrecords__partner__in=partners, is_public=True
    )
    # Reuses the join of the filter above.
    products = products.annotate(own=F("stockrecords__partner")).filter(~Exists(others))
    found: dict[int, dict[int, Product]] = {}
    for product in products.order_by("own", "-date_created", "-pk"):
        # By primary key: a product may have two records of one partner.
        found.setdefault(product.own, {}).setdefault(product.pk, product)
    return {partner: list(mine.values()) for partner, mine in found.items()}


def _restore(sellers: list[WithAnnotations[Seller, Facts]]) -> Moved:
    if not sellers:
        return {}
    rows = registered.ParkedListing.objects.filter(seller__in=sellers)
    by_seller = groupby(rows.select_related("product").order_by("seller", "-pk"), _seller_of)
    stacks = {pk: list(stack) for pk, stack in by_seller}
    back = {seller: stacks[seller.pk][: seller.balance] for seller in sellers}
    moved = {seller: [row.product for row in stack] for seller, stack in back.items()}
    _show(moved, True)
    rows.filter(pk__in=[row.pk for stack in back.values() for row in stack]).delete()
    full = [seller for seller, stack in back.items() if len(stack) == seller.balance]
    # Their limit now holds the rest, whatever they were parked for.
    registered.ParkedListing.objects.filter(seller__in=full, over_limit=False).update(
        over_limit=True
    )
    _announce(signals.listings_restored, journal.LISTINGS_RESTORED, moved)
    return moved


def _seller_of(row: ParkedListing) -> int:
    return row.seller_id


def _show(moved: Moved, public: bool) -> None:
    products = [product for mine in moved.values() for product in mine]
    for product in products:
        product.is_public = public
    rows = get_model("catalogue", "Product").objects.filter(pk__in=[one.pk for one in products])
    rows.update(is_public=public, date_updated=timezone.now())
    search_index.refresh(products)


def _announce(signal: Signal, kind: str, moved: Moved) -> None:
    told = {
        seller.latest: {"products": [product.pk for product in products]}
        for seller, products in moved.items()
        if seller.latest is not None
    }
    journal.record_many(kind, told)
    for seller, products in moved.items():
        signals.send_on_commit(signal, sender=type(seller), seller=seller, products=products)

"""Park and restore the services of many sellers, in a fixed number of statements.

The rows are written by ``UPDATE``: no product is saved, so that receivers of a product's ``save``
hear nothing. The search index follows, and ``signals.listings_parked`` and ``listings_restored``
tell the shop.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Subquery
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import journal, signals
from oscar_subscriptions.loading import registered
from oscar_subscriptions.sellers import listings, search_index
from oscar_subscriptions.sql.key_lists import among
from oscar_subscriptions.transactions import for_update, transactional

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.dispatch import Signal
    from django_stubs_ext import WithAnnotations

    from oscar_subscriptions.protocols import Seller
    from oscar_subscriptions.protocols.oscar import ProductQuerySet

    # ``listings.to_park``, ``to_restore`` or ``to_sync``.
    Due = Callable[[date | None], QuerySet[WithAnnotations[Seller, listings.Balance]]]


class Facts(listings.Balance):
    """Annotations of the sellers that are worked on.

    Attributes:
        latest: primary key of the subscription whose history tells of it, if there is one.
    """

    latest: int | None


# Primary keys of the services that were moved, by seller. No product is made of each: thousands of
# sellers may lapse on one day.
Moved = dict["WithAnnotations[Seller, Facts]", list[int]]


@dataclass
class Result:
    """What one call has done.

    Attributes:
        parked: primary keys of the products that left the shop, by seller, the youngest first.
        restored: those of the products that came back, by seller, in the order in which they came.
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
    rows = registered.Seller.objects.filter(pk__in=among(sellers)).order_by("pk")
    locked = dict(for_update(rows, wait=wait).values_list("pk", "is_due"))
    keys = list(locked)
    marked = [pk for pk, is_due in locked.items() if is_due]
    if marked:
        registered.Seller.objects.filter(pk__in=among(marked)).update(is_due=False)
    found = list(_with_history(due(day).filter(pk__in=among(keys))))
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
    # A service that staff published while it was parked goes back on top of the stack.
    registered.ParkedListing.objects.filter(product__in=among(_all(moved))).delete()
    registered.ParkedListing.objects.bulk_create(
        registered.ParkedListing(
            seller_id=seller.pk, product_id=product, over_limit=seller.is_limited
        )
        for seller, products in moved.items()
        for product in products
    )
    _show(moved, False)
    _announce(signals.listings_parked, journal.LISTINGS_PARKED, moved)
    return moved


def _public_services(partners: list[int]) -> dict[int, list[int]]:
    """Primary keys of the services in the shop by partner, the youngest first; see
    ``listings.services``."""
    records = get_model("partner", "StockRecord").objects
    others = records.filter(product=OuterRef("pk")).exclude(partner=OuterRef("own"))
    products: ProductQuerySet = get_model("catalogue", "Product").objects.filter(
        ~listings.sells_plan("pk"), stockrecords__partner__in=among(partners), is_public=True
    )
    # Reuses the join of the filter above.
    products = products.annotate(own=F("stockrecords__partner")).filter(~Exists(others))
    # Each once: a product may have two records of one partner.
    found: dict[int, dict[int, None]] = {}
    for partner, pk in products.order_by("own", "-date_created", "-pk").values_list("own", "pk"):
        found.setdefault(partner, {})[pk] = None
    return {partner: list(mine) for partner, mine in found.items()}


def _restore(sellers: list[WithAnnotations[Seller, Facts]]) -> Moved:
    if not sellers:
        return {}
    rows = registered.ParkedListing.objects
    parked = rows.filter(seller__in=among([seller.pk for seller in sellers]))
    stacks: dict[int, list[tuple[int, int]]] = {}
    for owner, pk, product in parked.order_by("-pk").values_list("seller", "pk", "product"):
        stacks.setdefault(owner, []).append((pk, product))
    back = {seller: stacks[seller.pk][: seller.balance] for seller in sellers}
    moved = {seller: [product for _, product in stack] for seller, stack in back.items()}
    _show(moved, True)
    rows.filter(pk__in=among([pk for stack in back.values() for pk, _ in stack])).delete()
    rest = [seller.pk for seller, stack in back.items() if len(stack) < len(stacks[seller.pk])]
    if rest:
        # Their limit now holds the rest, whatever they were parked for.
        parked.filter(seller__in=rest, over_limit=False).update(over_limit=True)
    _announce(signals.listings_restored, journal.LISTINGS_RESTORED, moved)
    return moved


def _all(moved: Moved) -> list[int]:
    return [product for products in moved.values() for product in products]


def _show(moved: Moved, public: bool) -> None:
    keys = _all(moved)
    rows = get_model("catalogue", "Product").objects.filter(pk__in=among(keys))
    rows.update(is_public=public, date_updated=timezone.now())
    search_index.refresh_keys(keys)


def _announce(signal: Signal, kind: str, moved: Moved) -> None:
    told = {
        seller.latest: {"products": products}
        for seller, products in moved.items()
        if seller.latest is not None
    }
    journal.record_many(kind, told)
    if not signal.has_listeners(registered.Seller):
        return
    products = get_model("catalogue", "Product").objects.in_bulk(_all(moved))
    for seller, keys in moved.items():
        mine = [products[pk] for pk in keys]
        signals.send_on_commit(signal, sender=type(seller), seller=seller, products=mine)

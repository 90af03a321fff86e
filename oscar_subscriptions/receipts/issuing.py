"""Give a paid order its receipt, with the next number of the year.

The sequence has no gap and no number twice: the counter's row is locked until the transaction that
writes the receipt ends, and is rolled back with it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.receipts import snapshot
from oscar_subscriptions.sql.key_lists import among
from oscar_subscriptions.transactions import for_update, transactional

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, OrderLine, Receipt, ReceiptCounter, Term
    from oscar_subscriptions.querysets import TermQuerySet


@transactional
def issue(order: Order) -> Receipt | None:
    """Return the receipt of ``order``, issued now if there is none yet.

    Fulfilment issues it in the transaction that adds the term, so that the numbers follow the
    payments. If that fails, the next run issues it, or a page that asks for it.

    Returns:
        The receipt; ``None`` if the order has given no term.
    """
    terms = registered.Term.objects.filter(order_line__order=order)
    term = terms.select_related("subscription").first()
    issued = _receipt_of(order)
    return issued if issued is not None or term is None else issue_first(order, term)


def issue_first(order: Order, term: Term, lines: list[OrderLine] | None = None) -> Receipt:
    """As :func:`issue`, for an order that had no receipt when somebody looked. Needs an open
    transaction.

    Args:
        term: the term that the order has given.
        lines: its lines, if they have been read, ordered by primary key.
    """
    facts = snapshot.take(order, term, lines)
    counter, moment, day = _locked_counter()
    # Another process may have issued it while this one waited for the lock.
    issued = _receipt_of(order)
    if issued is not None:
        return issued
    counter.last += 1
    counter.save(update_fields=["last"])
    number = f"{counter.year}-{counter.last:06d}"
    return registered.Receipt.objects.create(
        order=order, number=number, issued_at=moment, issued_on=day, facts=facts
    )


def _receipt_of(order: Order) -> Receipt | None:
    return registered.Receipt.objects.filter(order=order).first()


def terms_without_receipt(keys: Collection[int] | None = None) -> TermQuerySet:
    """Return the bought terms whose order has no receipt: it could not be written when the order
    was paid.

    Args:
        keys: primary keys of the terms to look at, if they are few; default: all.
    """
    receipts = registered.Receipt.objects
    terms = registered.Term.objects.filter(order_line__isnull=False)
    terms = terms.select_related("order_line__order", "subscription")
    if keys is None:
        # NOT EXISTS: of a join without a match, PostgreSQL expects one row, and compares each with
        # all.
        return terms.filter(~Exists(receipts.filter(order=OuterRef("order_line__order"))))
    # Each looked up by itself: for a thousand terms PostgreSQL would read all order lines.
    issued = receipts.filter(order__lines=OuterRef("order_line")).order_by().values("pk")[:1]
    return terms.alias(issued=Subquery(issued)).filter(issued__isnull=True, pk__in=among(keys))


def _locked_counter() -> tuple[ReceiptCounter, datetime, date]:
    """Return the counter of this year, locked until the open transaction ends, with the moment and
    the day (shop timezone) at which the lock was taken.

    The clock is read under the lock, so that a later number never has an earlier day. If the year
    ended while we waited, the counter is the next year's.
    """
    assert transaction.get_connection().in_atomic_block
    counters = registered.ReceiptCounter.objects
    while True:
        year = conf.today().year
        counter: ReceiptCounter | None = for_update(counters.filter(year=year)).first()
        if counter is None:  # the first of the year
            counters.get_or_create(year=year)
            counter = for_update(counters.all()).get(year=year)
        moment = timezone.now()
        day = timezone.localdate(moment, timezone.get_default_timezone())
        if day.year == year:
            return counter, moment, day

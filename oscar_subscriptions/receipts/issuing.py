"""Give a paid order its receipt, with the next number of the year.

The sequence has no gap and no number twice: the counter's row is locked until the transaction that
writes the receipt ends, and goes back with it if that fails.
"""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.receipts import snapshot
from oscar_subscriptions.transactions import for_update, transactional


@transactional
def issue(order: Any) -> Any | None:
    """Return the receipt of ``order``, issued now if there is none yet.

    Fulfilment calls it with the term, so that the numbers follow the order of payments; for an
    order that was paid before there were receipts, whoever asks for it first.

    Args:
        order: an Oscar ``Order``.

    Returns:
        The ``Receipt``; ``None`` if the order has given no term.
    """
    Receipt = registered.Receipt
    Term = registered.Term
    term = Term.objects.filter(order_line__order=order).select_related("subscription").first()
    issued = Receipt.objects.filter(order=order).first()
    if issued is not None or term is None:
        return issued
    facts = snapshot.take(order, term)
    counter, moment, day = _locked_counter()
    # Two who asked at once: the second waited for the lock, and finds what the first has issued.
    issued = Receipt.objects.filter(order=order).first()
    if issued is not None:
        return issued
    counter.last += 1
    counter.save(update_fields=["last"])
    number = f"{counter.year}-{counter.last:06d}"
    return Receipt.objects.create(
        order=order, number=number, issued_at=moment, issued_on=day, facts=facts
    )


def _locked_counter() -> tuple[Any, datetime, date]:
    """Return the counter of this year, locked, with the moment and the day as of then.

    The day is looked up under the lock, so that a later number never has an earlier day; if the
    year has ended while we waited, the next year's counter it is.
    """
    ReceiptCounter = registered.ReceiptCounter
    while True:
        year = conf.today().year
        ReceiptCounter.objects.get_or_create(year=year)
        counter = for_update(ReceiptCounter.objects.all()).get(year=year)
        moment = timezone.now()
        day = timezone.localdate(moment, timezone.get_default_timezone())
        if day.year == year:
            return counter, moment, day

"""Let one process at a time ask the provider about an order and apply the answer.

Otherwise an answer fetched first could be applied last, and undo a newer one. A database lock must
not be held during a request, so the right to ask is a row with a holder and an end. A process that
lost its lease meanwhile notices under lock, before it writes anything (:func:`confirm`): taking a
lease over is always safe.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.transactions import for_update

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from oscar_subscriptions.payments.models import OrderLease

# Seconds to wait for another holder, and between two tries.
PATIENCE = 5
PAUSE = 0.05
# Two clocks may differ by this much.
MOMENT = timedelta(minutes=1)
# Per round: the session, its refunds, its disputes, and perhaps a refund to make. Each may take
# PROVIDER_TIMEOUT seconds, and is retried once.
REQUESTS = 4


class BusyError(Exception):
    """Another process is asking about this order, and will see every attempt that is due."""


class LostError(Exception):
    """The lease was taken over; the answer must not be applied."""


@contextmanager
def held(order_id: int, *, wait: bool = True) -> Iterator[uuid.UUID]:
    """Hold the lease of an order within the block.

    Args:
        order_id: primary key of the order.
        wait: wait for another holder, and take the lease over after ``PATIENCE`` seconds: that
            process may be dead.

    Yields:
        The token for :func:`confirm`.

    Raises:
        BusyError: another process holds it, and ``wait`` is not set.
    """
    token = uuid.uuid4()
    leases = registered_payments.OrderLease.objects
    leases.get_or_create(order_id=order_id)
    rows = leases.filter(order_id=order_id)
    deadline = time.monotonic() + PATIENCE
    while not _claim(rows.filter(_free()), token):
        if not wait:
            raise BusyError
        if time.monotonic() >= deadline:
            _claim(rows, token)
            break
        time.sleep(PAUSE)
    try:
        yield token
    finally:
        rows.filter(holder=token).update(holder=None)


def confirm(order_id: int, token: uuid.UUID) -> None:
    """Make sure, until the transaction ends, that ``token`` still holds the lease of the order.

    Raises:
        LostError: another process has taken it.
    """
    assert transaction.get_connection().in_atomic_block
    leases = for_update(registered_payments.OrderLease.objects.all())
    if not leases.filter(order_id=order_id, holder=token).exists():
        raise LostError


def _claim(rows: QuerySet[OrderLease], token: uuid.UUID) -> bool:
    now = timezone.now()
    seconds = 2 * conf.settings.PROVIDER_TIMEOUT * REQUESTS
    return bool(rows.update(holder=token, taken_at=now, until=now + timedelta(seconds=seconds)))


def _free() -> Q:
    now = timezone.now()
    # Taken in the future: the clock was set back, and the end would be far away. If it is less than
    # MOMENT in the future, another process has taken it since we read the clock.
    return Q(holder=None) | Q(until__lte=now) | Q(taken_at__gt=now + MOMENT)

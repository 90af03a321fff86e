"""One at a time asks the provider about an order and applies the answer.

Otherwise an answer fetched first could be applied last, and undo what a newer one established. A
database lock would do, but none may be held while the network is waited for; so the right to ask
is a row with a holder and an end. Whoever lost it meanwhile finds that out under lock, before
anything is written (:func:`confirm`): taking a lease over is always safe.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.transactions import for_update

# Seconds to wait for another holder, and between two looks.
PATIENCE = 5
PAUSE = 0.05
# What counts as the same time on two clocks.
MOMENT = timedelta(minutes=1)
# One round asks about the session, its refunds and its disputes, and may order a refund; each
# within PROVIDER_TIMEOUT, and once again.
REQUESTS = 4


class BusyError(Exception):
    """Somebody else is asking about this order, and will see every hint there is."""


class LostError(Exception):
    """The lease was taken over; the answer must not be applied."""


@contextmanager
def held(order_id: Any, *, wait: bool = True) -> Iterator[Any]:
    """Hold the lease of an order within the block.

    Args:
        order_id: primary key of the order.
        wait: wait for another holder, and take it from one who has not let go after ``PATIENCE``;
            he may be dead.

    Yields:
        The token to :func:`confirm` with.

    Raises:
        BusyError: somebody else holds it, and ``wait`` is not set.
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


def confirm(order_id: Any, token: Any) -> None:
    """Make sure, until the transaction ends, that ``token`` still holds the lease of the order.

    Raises:
        LostError: somebody else has taken it.
    """
    leases = for_update(registered_payments.OrderLease.objects.all())
    if not leases.filter(order_id=order_id, holder=token).exists():
        raise LostError


def _claim(rows: Any, token: Any) -> bool:
    now = timezone.now()
    seconds = 2 * conf.settings.PROVIDER_TIMEOUT * REQUESTS
    return bool(rows.update(holder=token, taken_at=now, until=now + timedelta(seconds=seconds)))


def _free() -> Q:
    now = timezone.now()
    # Taken in the future: the clock was set back, and the end would be far away. A moment in the
    # future is only somebody who took it since we looked at the clock.
    return Q(holder=None) | Q(until__lte=now) | Q(taken_at__gt=now + MOMENT)

"""Show a payment in the status of its order, where the shop's pipeline allows it.

Written for people, never read back.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.transactions import for_update


class Behind(NamedTuple):
    """An order whose status lags behind its payment."""

    order: Any
    status: str  # to show
    show: Callable[[int], None]  # shows it, given the order's primary key


def show_paid(order_id: int) -> None:
    """Move the order to the shop's "paid" status, if its pipeline allows that from where it is."""
    _set_status(order_id, conf.settings.PAID_STATUS)


def show_cancelled(order_id: int) -> None:
    """Move the order to the shop's "cancelled" status, if its pipeline allows it."""
    _set_status(order_id, conf.settings.CANCELLED_STATUS)


def behind() -> Iterator[Behind]:
    """Yield the orders whose status lags behind their payment: the process died in between."""
    Order = get_model("order", "Order")
    attempts = registered_payments.Attempt.objects.filter(order=OuterRef("pk"))
    paid = Exists(attempts.filter(status="paid"))
    given_up = Exists(attempts.filter(status="cancelled")) & ~Exists(
        attempts.filter(status__in=("open", "paid", "refused"))
    )
    for status, condition, show in (
        (conf.settings.PAID_STATUS, paid, show_paid),
        (conf.settings.CANCELLED_STATUS, given_up, show_cancelled),
    ):
        before = [name for name, following in Order.pipeline.items() if status in following]
        for order in Order.objects.filter(condition, status__in=before).iterator(chunk_size=500):
            yield Behind(order, status, show)


def _set_status(order_id: int, status: str) -> None:
    orders = get_model("order", "Order").objects
    with transaction.atomic():
        # In the order of every lock: a receiver of the status change may fulfil the order.
        fulfilment.lock_subscription(orders.get(pk=order_id))
        order = for_update(orders.all()).get(pk=order_id)
        # set_status raises for a status that the pipeline does not name; most shops name none.
        if status in order.available_statuses():
            order.set_status(status)

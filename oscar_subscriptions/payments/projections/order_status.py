"""Show a payment in the status of its order, where the shop's pipeline allows it.

Written for people; this app never reads it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.transactions import for_update

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, Rows


class Behind(NamedTuple):
    """An order whose status lags behind its payment."""

    order: Order
    status: str  # the status that the order should have
    show: Callable[[int], None]  # sets it, given the order's primary key


def show_paid(order_id: int) -> None:
    """Move the order to the shop's "paid" status, if the pipeline allows it from its status."""
    _set_status(order_id, conf.settings.PAID_STATUS)


def show_cancelled(order_id: int) -> None:
    """Move the order to the shop's "cancelled" status, if the pipeline allows it."""
    _set_status(order_id, conf.settings.CANCELLED_STATUS)


def behind() -> Iterator[Behind]:
    """Yield the orders whose status lags behind their payment: a process died in between."""
    model = get_model("order", "Order")
    attempts = registered_payments.Attempt.objects.filter(order=OuterRef("pk"))
    paid = Exists(attempts.filter(status="paid"))
    given_up = Exists(attempts.filter(status="cancelled")) & ~Exists(
        attempts.filter(status__in=("open", "paid", "refused"))
    )
    for status, condition, show in (
        (conf.settings.PAID_STATUS, paid, show_paid),
        (conf.settings.CANCELLED_STATUS, given_up, show_cancelled),
    ):
        before = [name for name, following in model.pipeline.items() if status in following]
        orders: Rows = model.objects.filter(condition, status__in=before)
        for order in orders.iterator(chunk_size=500):
            yield Behind(order, status, show)


def _set_status(order_id: int, status: str) -> None:
    orders: Rows = get_model("order", "Order").objects
    with transaction.atomic():
        # The subscription is locked first, as everywhere: a receiver may fulfil the order.
        fulfilment.lock_subscription(orders.get(pk=order_id))
        order: Order = for_update(orders.all()).get(pk=order_id)
        # set_status raises for a status that is not in the pipeline; most shops have no pipeline.
        if status in order.available_statuses():
            order.set_status(status)

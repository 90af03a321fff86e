"""Show a payment in the status of its order, where the shop's pipeline allows it.

Written for people; this app never reads it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_noop
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, conf, fulfilment
from oscar_subscriptions.loading import registered, registered_payments
from oscar_subscriptions.transactions import for_update

if TYPE_CHECKING:
    from oscar_subscriptions.payments.abstract_models import AttemptQuerySet
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


def behind(attempts: AttemptQuerySet | None = None) -> Iterator[Behind]:
    """Yield the orders whose status lags behind their payment: a process died in between.

    Args:
        attempts: those to look at; default: those that are not followed up.
    """
    for status, orders, show in (
        (conf.settings.PAID_STATUS, behind_payment(attempts), show_paid),
        (conf.settings.CANCELLED_STATUS, behind_cancellation(attempts), show_cancelled),
    ):
        for order in orders.iterator(chunk_size=500):
            yield Behind(order, status, show)


def behind_payment(attempts: AttemptQuerySet | None = None) -> QuerySet[Any]:
    """Return the paid orders that do not show it; ``attempts`` as in :func:`behind`."""
    # Staff cancelled it: a person decides, see ``report_cancelled``.
    before = _before(conf.settings.PAID_STATUS) - {conf.settings.CANCELLED_STATUS}
    return _orders(_chosen(attempts).filter(status="paid"), before)


def behind_cancellation(attempts: AttemptQuerySet | None = None) -> QuerySet[Any]:
    """Return the orders that were given up and do not show it; as :func:`behind_payment`."""
    others = registered_payments.Attempt.objects.filter(
        order=OuterRef("pk"), status__in=("open", "paid", "refused")
    )
    given_up = _chosen(attempts).filter(status="cancelled")
    return _orders(given_up, _before(conf.settings.CANCELLED_STATUS)).filter(~Exists(others))


def _chosen(attempts: AttemptQuerySet | None) -> AttemptQuerySet:
    return registered_payments.Attempt.objects.unfinished() if attempts is None else attempts


def _orders(attempts: AttemptQuerySet, statuses: set[str]) -> QuerySet[Any]:
    orders: QuerySet[Any] = get_model("order", "Order").objects.all()
    # From the few attempts to their orders, not the other way round.
    return orders.filter(pk__in=attempts.values("order"), status__in=statuses)


def _before(status: str) -> set[str]:
    """The statuses from which the shop's pipeline leads to ``status``."""
    pipeline = get_model("order", "Order").pipeline
    return {name for name, following in pipeline.items() if status in following}


def paid_and_cancelled(among: AttemptQuerySet | None = None) -> QuerySet[Any]:
    """Return the orders that are paid, have given a term that was not revoked, and were cancelled
    in Oscar's dashboard.

    Args:
        among: a few attempts, to whose orders to look; default: all orders.
    """
    cancelled: QuerySet[Any] = get_model("order", "Order").objects.filter(
        status=conf.settings.CANCELLED_STATUS
    )
    standing = registered.Term.objects.not_revoked().filter(order_line__order=OuterRef("pk"))
    attempts = registered_payments.Attempt.objects.filter(order=OuterRef("pk"), status="paid")
    orders = cancelled.filter(Exists(standing), Exists(attempts))
    if among is None:
        return orders
    # Looked up one by one, in a statement of its own: PostgreSQL would read all orders to find
    # those that were cancelled.
    own = cancelled.filter(pk=OuterRef("order")).order_by().values("pk")[:1]
    found = among.alias(cancelled=Subquery(own)).filter(cancelled__isnull=False)
    return orders.filter(pk__in=list(found.values_list("order", flat=True)))


def report_cancelled(order: Order) -> bool:
    """Alert operators that ``order`` is paid and was cancelled; return whether that is news.

    They take the term back (``fulfilment.revoke``) and refund the payment, or show the order as
    paid again (:func:`show_paid_again`).
    """
    term = fulfilment.term_of(order)
    return alerts.raise_alert(
        alerts.PAID_AND_CANCELLED,
        _cancelled_key(order.pk),
        order=order,
        subscription=term.subscription if term is not None else None,
    )


def show_paid_again(order_id: int) -> None:
    """Set the order that was cancelled by mistake back to the shop's "paid" status. It corrects a
    mistake, so the pipeline is not asked."""
    orders: Rows = get_model("order", "Order").objects.filter(pk=order_id)
    orders.filter(status=conf.settings.CANCELLED_STATUS).update(status=conf.settings.PAID_STATUS)
    settle_cancelled(order_id)


def settle_cancelled(order_id: int) -> None:
    """Settle the alert of :func:`report_cancelled` if its cause is gone."""
    if not paid_and_cancelled().filter(pk=order_id).exists():
        alerts.settle(
            _cancelled_key(order_id), gettext_noop("The order and its subscription agree again.")
        )


def _cancelled_key(order_id: int) -> str:
    return f"order-{order_id}-cancelled"


def _set_status(order_id: int, status: str) -> None:
    orders: Rows = get_model("order", "Order").objects
    with transaction.atomic():
        # The subscription is locked first, as everywhere: a receiver may fulfil the order.
        fulfilment.lock_subscription(order_id)
        order: Order = for_update(orders.all()).get(pk=order_id)
        # set_status raises for a status that is not in the pipeline; most shops have no pipeline.
        if status in order.available_statuses():
            order.set_status(status)

"""The third door: the daily run asks about every attempt that is not settled."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, lifecycle
from oscar_subscriptions.payments import provider, waiting
from oscar_subscriptions.payments.cancellation import cancel_order
from oscar_subscriptions.payments.reconcile import reconcile

# A provider that is down is asked this often, not once for each of a thousand attempts.
PATIENCE = 3


def reconcile_open_attempts(day: date, dry_run: bool) -> Iterator[lifecycle.Outcome]:
    """Reconcile open attempts and those that an event marked.

    The provider knows no other day than its own, so ``day`` has no part in it.
    """
    silent = 0

    def changed(attempt: Any) -> bool:
        nonlocal silent
        if silent >= PATIENCE:
            return False
        try:
            status = reconcile(attempt).status
        except provider.ProviderUnavailable:
            silent += 1
            raise
        silent = 0
        return status != attempt.status

    attempts = get_model("oscar_subscriptions_payments", "Attempt").objects.to_reconcile()
    yield from lifecycle.each(
        attempts.filter(session_id__isnull=False).select_related("order"),
        changed,
        lambda attempt: f"payment of order {attempt.order.number} reconciled",
        dry_run,
    )


def fulfil_paid_orders(day: date, dry_run: bool) -> Iterator[lifecycle.Outcome]:
    """Try again to fulfil orders that are paid and gave no term: what stood in the way may be
    put right by now."""
    Attempt = get_model("oscar_subscriptions_payments", "Attempt")
    unfulfilled = Attempt.objects.filter(
        status=Attempt.PAID, order__lines__subscription_term__isnull=True
    )
    yield from lifecycle.each(
        unfulfilled.select_related("order__user"),
        lambda attempt: fulfilment.order_paid(attempt.order).created,
        lambda attempt: f"order {attempt.order.number} fulfilled",
        dry_run,
    )


def cancel_orders_that_are_over(day: date, dry_run: bool) -> Iterator[lifecycle.Outcome]:
    """Cancel unpaid orders that can no longer be paid, and give back what they held."""
    Attempt = get_model("oscar_subscriptions_payments", "Attempt")
    orders = get_model("order", "Order").objects.filter(
        subscription_attempts__status__in=(Attempt.OPEN, Attempt.EXPIRED)
    )
    settled = Attempt.objects.filter(status__in=(*Attempt.SETTLED, Attempt.CANCELLED))
    yield from lifecycle.each(
        (
            order
            for order in orders.exclude(pk__in=settled.values("order")).distinct()
            if waiting.problem(order)
        ),
        cancel_order,
        lambda order: f"order {order.number} cancelled",
        dry_run,
    )

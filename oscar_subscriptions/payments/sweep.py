"""The third door: the daily run asks about every attempt that is not settled."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from oscar.core.loading import get_model

from oscar_subscriptions import lifecycle
from oscar_subscriptions.payments.reconcile import reconcile


def reconcile_open_attempts(day: date, dry_run: bool) -> Iterator[lifecycle.Outcome]:
    """Reconcile open attempts and those that an event marked.

    The provider knows no other day than its own, so ``day`` has no part in it.
    """

    def changed(attempt: Any) -> bool:
        return reconcile(attempt).status != attempt.status

    attempts = get_model("oscar_subscriptions_payments", "Attempt").objects.to_reconcile()
    yield from lifecycle.each(
        attempts.filter(session_id__isnull=False).select_related("order"),
        changed,
        lambda attempt: f"payment of order {attempt.order.number} reconciled",
        dry_run,
    )

"""The last look of a run at payments: what has been acted on is read by no later run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from oscar_subscriptions.daily_run import runner, work
from oscar_subscriptions.loading import registered, registered_payments
from oscar_subscriptions.payments.projections import order_status

if TYPE_CHECKING:
    from oscar_subscriptions.payments.abstract_models import AttemptQuerySet


def file_attempts(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Mark the attempts as followed up whose outcome asks nothing more of a run. ``day`` is not
    used, and there is nothing to report."""
    attempts = registered_payments.Attempt.objects
    unfinished = attempts.unfinished().exclude(status=attempts.model.OPEN)
    if not dry_run:
        for batch in work.batches(unfinished.only("pk")):
            keys = [attempt.pk for attempt in batch]
            _asking_nothing().filter(pk__in=keys).update(is_followed_up=True)
    yield from ()


def _asking_nothing() -> AttemptQuerySet:
    Attempt = registered_payments.Attempt
    given = Exists(registered.Term.objects.filter(order_line__order=OuterRef("order")))
    siblings = Attempt.objects.filter(order=OuterRef("order"))
    over = Exists(siblings.filter(status__in=(*Attempt.SETTLED, Attempt.CANCELLED)))
    paid = ~Q(order__in=order_status.behind_payment().values("pk"))
    cancelled = ~Q(order__in=order_status.behind_cancellation().values("pk"))
    # No joins: an attempt that is paid in this very moment is judged anew by PostgreSQL.
    return Attempt.objects.unfinished().filter(
        Q(status=Attempt.REFUSED)
        | Q(status=Attempt.CANCELLED) & cancelled
        | Q(status=Attempt.EXPIRED) & (given | over)
        | Q(status=Attempt.PAID) & given & paid
    )

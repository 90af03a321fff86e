"""Steps of the daily run: ask about attempts that are not settled, and again about paid ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from django.db.models import F, Q
from django.utils import timezone

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.loading import registered, registered_payments
from oscar_subscriptions.payments.projections import order_status
from oscar_subscriptions.payments.provider import client
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from oscar_subscriptions.payments.reversals import effects

if TYPE_CHECKING:
    from oscar_subscriptions.payments.abstract_models import AttemptQuerySet
    from oscar_subscriptions.payments.models import Attempt

Row = TypeVar("Row")

# A charge is asked about once a day; less than 24 hours, so that a daily run never skips one.
RECHECK_AFTER = timedelta(hours=20)


def reconcile_open_attempts(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Reconcile attempts that are open or due. ``day`` is not used."""
    attempts = _attempts().to_reconcile().at_provider()
    yield from runner.for_each_row(
        runner.in_batches(attempts.select_related("order")),
        _patiently(_reconcile),
        lambda attempt: f"payment of order {attempt.order.number} reconciled",
        dry_run,
    )


def recheck_charges(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Ask again about the payments of terms that run, to find refunds and disputes whose events
    were lost, or that came to nothing.

    At most ``RECHECKS_PER_RUN``, those that were last asked about first.
    """
    running = registered.Term.objects.filter(covered_until__gte=day)
    charges = (
        _attempts()
        .at_provider()
        .filter(
            # Among revoked terms, those that a reversal revoked: it may fail.
            Q(order__lines__subscription_term__in=running.not_revoked())
            | Q(order__lines__subscription_term__in=running) & ~Q(effect=""),
            status="paid",
            reconciled_at__lt=timezone.now() - RECHECK_AFTER,
        )
    )
    charges = charges.order_by(F("reconciled_at").asc(nulls_first=True), "pk")
    yield from runner.for_each_row(
        charges.select_related("order")[: conf.settings.RECHECKS_PER_RUN],
        _patiently(_reconcile),
        lambda attempt: f"payment of order {attempt.order.number} looked at again",
        dry_run,
    )


def fulfil_paid_orders(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Try again to fulfil orders that are paid and gave no term; the obstacle may be gone.

    A dry run asks whether there is an obstacle, instead of fulfilling and rolling back: that would
    foretell mails that a real run sends at once, before the step that counts them.
    """
    unfulfilled = _attempts().filter(
        status="paid", effect="", order__lines__subscription_term__isnull=True
    )
    attempts = runner.in_batches(unfulfilled.select_related("order__user"))
    yield from runner.for_each_row(
        (attempt for attempt in attempts if _may_give_a_term(attempt, dry_run)),
        lambda attempt: fulfilment.order_paid(attempt.order).created,
        lambda attempt: f"order {attempt.order.number} fulfilled",
        dry_run,
    )


def _may_give_a_term(attempt: Attempt, dry_run: bool) -> bool:
    if effects.has_gone_back(attempt):
        return False
    # A real run tries them all: fulfilling reports the obstacle.
    return not dry_run or fulfilment.can_be_fulfilled(attempt.order)


def show_payments(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Update the status of orders whose process died after the payment was written."""
    yield from runner.for_each_row(
        order_status.behind(),
        lambda found: found.show(found.order.pk) or True,
        lambda found: f"order {found.order.number} moved to {found.status}",
        dry_run,
    )


def report_cancelled_orders(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Alert operators to paid orders that staff have cancelled; ``day`` is not used."""
    yield from runner.for_each_row(
        runner.in_batches(order_status.paid_and_cancelled()),
        lambda order: order_status.report_cancelled(order),
        lambda order: f"order {order.number} is paid and was cancelled",
        dry_run,
        carried_out_in_dry_run=True,
    )


def _attempts() -> AttemptQuerySet:
    return registered_payments.Attempt.objects.all()


def _reconcile(attempt: Attempt) -> bool:
    """Reconcile ``attempt``; return whether that changed its status or its effect."""
    fresh = reconcile(attempt)
    return (fresh.status, fresh.effect) != (attempt.status, attempt.effect)


def _patiently(action: Callable[[Row], object]) -> Callable[[Row], object]:
    return runner.with_circuit_breaker(action, client.ProviderUnavailableError)

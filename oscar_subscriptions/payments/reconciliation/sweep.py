"""Steps of the daily run: ask about attempts that are not settled, and again about paid ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.daily_run import runner, turns, work
from oscar_subscriptions.loading import registered, registered_payments
from oscar_subscriptions.payments.projections import order_status
from oscar_subscriptions.payments.provider import client
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from oscar_subscriptions.payments.reversals import effects
from oscar_subscriptions.sql.key_lists import among

if TYPE_CHECKING:
    from oscar_subscriptions.payments.abstract_models import AttemptQuerySet
    from oscar_subscriptions.payments.models import Attempt

Row = TypeVar("Row")

# A charge is asked about once a day; less than 24 hours, so that a daily run never skips one.
RECHECK_AFTER = timedelta(hours=20)

# The checkpoint of the step that looks for cancelled orders.
CANCELLED = "cancelled-orders"


def reconcile_open_attempts(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Reconcile attempts that are open or due. ``day`` is not used."""
    attempts = _attempts().to_reconcile().at_provider()
    yield from work.for_each_row(
        work.in_batches(attempts.select_related("order")),
        _patiently(_reconcile),
        lambda attempt: f"payment of order {attempt.order.number} reconciled",
        dry_run,
    )


def recheck_charges(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Ask again about the payments of terms that run, to find refunds and disputes whose events
    were lost, or that came to nothing.

    At most ``RECHECKS_PER_RUN``, those that were last asked about first.
    """
    if not dry_run:
        # In a run for a later day, terms that still run would not be watched any more.
        day = min(day, conf.today())
    yield from work.for_each_row(
        islice(_watched(day, dry_run), conf.settings.RECHECKS_PER_RUN),
        _patiently(_reconcile),
        lambda attempt: f"payment of order {attempt.order.number} looked at again",
        dry_run,
    )


def _watched(day: date, dry_run: bool) -> Iterator[Attempt]:
    """Yield the payments of terms that run, oldest question first; the others are not watched any
    more, so that no later run reads them."""
    running = registered.Term.objects.filter(
        order_line__order=OuterRef("order"), covered_until__gte=day
    )
    # Among revoked terms, those that a reversal revoked: it may fail.
    counts = Exists(running.not_revoked()) | Exists(running) & ~Q(effect="")
    rows = (
        _attempts()
        .at_provider()
        .filter(status="paid", is_watched=True, reconciled_at__lt=timezone.now() - RECHECK_AFTER)
    )
    rows = rows.order_by("reconciled_at", "pk").select_related("order")
    rest = rows.annotate(is_running=ExpressionWrapper(counts, output_field=BooleanField()))
    while found := list(rest[: work.BATCH]):
        over = [attempt.pk for attempt in found if not attempt.is_running]
        if over and not dry_run:
            _attempts().filter(pk__in=over).update(is_watched=False)
        yield from (attempt for attempt in found if attempt.is_running)
        last = found[-1]
        later = Q(reconciled_at=last.reconciled_at, pk__gt=last.pk)
        rest = rest.filter(Q(reconciled_at__gt=last.reconciled_at) | later)


def fulfil_paid_orders(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Try again to fulfil orders that are paid and gave no term; the obstacle may be gone.

    A dry run asks whether there is an obstacle, instead of fulfilling and rolling back: that would
    foretell mails that a real run sends at once, before the step that counts them.
    """
    paid = _attempts().unfinished().filter(status="paid", effect="")
    unfulfilled = paid.filter(order__lines__subscription_term__isnull=True)
    attempts = work.in_batches(unfulfilled.select_related("order__user"))
    yield from work.for_each_row(
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
    yield from work.for_each_row(
        order_status.behind(),
        lambda found: found.show(found.order.pk) or True,
        lambda found: f"order {found.order.number} moved to {found.status}",
        dry_run,
    )


def report_cancelled_orders(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Alert operators to paid orders that a script has cancelled; where staff cancel, they are
    told at once. Payments have their turn."""
    paid = _attempts().filter(status="paid")
    turn = turns.begin(CANCELLED, day, paid)
    found = order_status.paid_and_cancelled(_attempts().filter(pk__in=among(turn.keys)))
    yield from work.for_each_row(
        work.in_batches(found),
        lambda order: order_status.report_cancelled(order),
        lambda order: f"order {order.number} is paid and was cancelled",
        dry_run,
        carried_out_in_dry_run=True,
    )
    if not dry_run:
        turn.done()


def _attempts() -> AttemptQuerySet:
    return registered_payments.Attempt.objects.all()


def _reconcile(attempt: Attempt) -> bool:
    """Reconcile ``attempt``; return whether that changed its status or its effect."""
    fresh = reconcile(attempt)
    return (fresh.status, fresh.effect) != (attempt.status, attempt.effect)


def _patiently(action: Callable[[Row], object]) -> Callable[[Row], object]:
    return work.with_circuit_breaker(action, client.ProviderUnavailableError)

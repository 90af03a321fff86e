"""Steps of the daily run: ask about attempts that are not settled, and again about paid ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from django.db.models import F, Q
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.loading import registered, registered_payments
from oscar_subscriptions.payments.attempts import off_session, payable
from oscar_subscriptions.payments.attempts.cancellation import cancel_order
from oscar_subscriptions.payments.projections import order_status
from oscar_subscriptions.payments.provider import client
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from oscar_subscriptions.payments.reversals import effects

if TYPE_CHECKING:
    from oscar_subscriptions.payments.abstract_models import AttemptQuerySet
    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.protocols import Order

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


def cancel_orders_that_are_over(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Cancel unpaid orders that can no longer be paid.

    A dry run tells which will be too old on ``day``. A real run goes by the present moment, because
    an order cancelled too early could not be restored.
    """
    moment = timezone.now() + (day - conf.today() if dry_run else timedelta(0))
    Attempt = registered_payments.Attempt
    orders = get_model("order", "Order").objects.filter(
        subscription_attempts__status__in=(Attempt.OPEN, Attempt.EXPIRED)
    )
    settled = Attempt.objects.filter(status__in=(*Attempt.SETTLED, Attempt.CANCELLED))
    unpaid = orders.exclude(pk__in=settled.values("order")).distinct()
    yield from runner.for_each_row(
        _over(runner.in_batches(unpaid.select_related("user")), moment),
        _patiently(cancel_order),
        lambda order: f"order {order.number} cancelled",
        dry_run,
    )


def close_needless_charges(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Close charges under way of orders that were paid in another way, for instance by a transfer
    that staff recorded. Nothing else closes them, and they keep the member's payment method."""
    attempts = _attempts().open().filter(kind="off-session")
    needless = attempts.filter(order__lines__subscription_term__isnull=False).distinct()
    yield from runner.for_each_row(
        runner.in_batches(needless.select_related("order")),
        _patiently(lambda attempt: off_session.close_order(attempt).status != attempt.OPEN),
        lambda attempt: f"charge of order {attempt.order.number} closed",
        dry_run,
    )


def _over(orders: Iterable[Order], moment: datetime) -> Iterator[Order]:
    return (order for order in orders if payable.why_not_payable(order, moment))


def _attempts() -> AttemptQuerySet:
    return registered_payments.Attempt.objects.all()


def _reconcile(attempt: Attempt) -> bool:
    """Reconcile ``attempt``; return whether that changed its status or its effect."""
    fresh = reconcile(attempt)
    return (fresh.status, fresh.effect) != (attempt.status, attempt.effect)


def _patiently(action: Callable[[Row], object]) -> Callable[[Row], object]:
    return runner.with_circuit_breaker(action, client.ProviderUnavailableError)

"""The third door: the daily run asks about every attempt that is not settled, and looks again at
those that are."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

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

# A charge is looked at once a day; less than 24 hours, so that a daily run never misses one.
RECHECK_AFTER = timedelta(hours=20)


def reconcile_open_attempts(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Reconcile open attempts and those that an event marked.

    The provider knows no other day than its own, so ``day`` has no part in it.
    """
    attempts = _attempts().to_reconcile().at_provider()
    yield from runner.for_each_row(
        runner.in_batches(attempts.select_related("order")),
        _patiently(lambda attempt: _state(reconcile(attempt)) != _state(attempt)),
        lambda attempt: f"payment of order {attempt.order.number} reconciled",
        dry_run,
    )


def recheck_charges(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Ask again about the payments of terms that would count: a refund or dispute whose events
    were lost, or one that came to nothing.

    At most ``RECHECKS_PER_RUN`` of them, those that nobody has asked about for longest.
    """
    running = registered.Term.objects.filter(covered_until__gte=day)
    charges = (
        _attempts()
        .at_provider()
        .filter(
            # Of revoked terms, those that a reversal took back: it may fail.
            Q(order__lines__subscription_term__in=running.not_revoked())
            | Q(order__lines__subscription_term__in=running) & ~Q(effect=""),
            status="paid",
            reconciled_at__lt=timezone.now() - RECHECK_AFTER,
        )
    )
    charges = charges.order_by(F("reconciled_at").asc(nulls_first=True), "pk")
    yield from runner.for_each_row(
        charges.select_related("order")[: conf.settings.RECHECKS_PER_RUN],
        _patiently(lambda attempt: _state(reconcile(attempt)) != _state(attempt)),
        lambda attempt: f"payment of order {attempt.order.number} looked at again",
        dry_run,
    )


def fulfil_paid_orders(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Try again to fulfil orders that are paid and gave no term: what stood in the way may be
    put right by now. A dry run asks what does, because a rehearsal would write e-mails that a real
    run has sent by the time it counts them."""
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


def _may_give_a_term(attempt: Any, dry_run: bool) -> bool:
    if effects.has_gone_back(attempt):
        return False
    # The real run tries all of them: the try reports what stands in the way.
    return not dry_run or fulfilment.can_be_fulfilled(attempt.order)


def show_payments(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Move on the status of orders whose process died between the payment and its showing."""
    yield from runner.for_each_row(
        order_status.behind(),
        lambda found: found.show(found.order.pk) or True,
        lambda found: f"order {found.order.number} moved to {found.status}",
        dry_run,
    )


def cancel_orders_that_are_over(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Cancel unpaid orders that can no longer be paid, and give back what they held.

    A dry run tells which will be too old on ``day``; a real one cancels none before its time,
    because the next run could not put that right.
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
    """Close charges under way of orders that were paid in another way, such as a transfer that
    staff wrote down: nobody else would, and what is under way keeps the member's card."""
    attempts = _attempts().open().filter(kind="off-session")
    needless = attempts.filter(order__lines__subscription_term__isnull=False).distinct()
    yield from runner.for_each_row(
        runner.in_batches(needless.select_related("order")),
        _patiently(lambda attempt: off_session.close(attempt).status != attempt.OPEN),
        lambda attempt: f"charge of order {attempt.order.number} closed",
        dry_run,
    )


def _over(orders: Iterable[Any], moment: datetime) -> Iterator[Any]:
    return (order for order in orders if payable.why_not_payable(order, moment))


def _attempts() -> Any:
    return registered_payments.Attempt.objects.all()


def _state(attempt: Any) -> tuple[str, str]:
    return attempt.status, attempt.effect


def _patiently(action: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return runner.with_circuit_breaker(action, client.ProviderUnavailableError)

"""Steps of the daily run: orders that wait for their payment, and pages that nobody needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.daily_run import runner, work
from oscar_subscriptions.loading import registered, registered_payments
from oscar_subscriptions.payments.attempts import mails, payable
from oscar_subscriptions.payments.attempts.cancellation import cancel_order, close_attempts
from oscar_subscriptions.payments.provider import client

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order

# How long before an unpaid order is cancelled its member is reminded of it.
REMIND_BEFORE = timedelta(days=2)


def cancel_orders_that_are_over(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Cancel unpaid orders that can no longer be paid.

    A dry run tells which will be too old on ``day``. A real run goes by the present moment, because
    an order cancelled too early could not be restored.
    """
    moment = _moment(day, dry_run)
    orders = _over(work.in_batches(_unpaid_orders()), moment)
    if dry_run:
        orders = filter(lambda order: _foretell(order, moment), orders)
    yield from work.for_each_row(
        orders,
        work.with_circuit_breaker(_cancel_and_tell, client.ProviderUnavailableError),
        lambda order: f"order {order.number} cancelled",
        dry_run,
    )


def remind_of_unpaid_orders(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Tell members whose order is about to be cancelled by age, once; a real run goes by the
    present moment.

    ``REMIND_BEFORE`` its last moment, or half way if an order is kept for a shorter time. Of an
    automatic renewal other mails tell.
    """
    kept = timedelta(days=conf.settings.ORDER_DAYS)
    moment = _moment(day, dry_run)
    placed_before = moment - kept + min(REMIND_BEFORE, kept / 2)
    old = _unpaid_orders().filter(
        date_placed__lte=placed_before, subscription_renewal__isnull=True, user__isnull=False
    )
    yield from work.for_each_row(
        (one for one in work.in_batches(old) if not payable.may_be_paid(one, moment).is_over),
        lambda order: _tell(order, mails.UNPAID),
        lambda order: f"member of unpaid order {order.number} reminded",
        dry_run,
        carried_out_in_dry_run=True,
    )


def close_needless_attempts(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Close open pages and charges of orders that were paid in another way, for instance by a
    transfer that staff recorded: nobody may pay there a second time."""
    needless = (
        registered_payments.Attempt.objects.open()
        .filter(order__lines__subscription_term__isnull=False)
        .distinct()
    )
    yield from work.for_each_row(
        work.in_batches(needless.select_related("order")),
        work.with_circuit_breaker(
            lambda attempt: close_attempts(attempt.order), client.ProviderUnavailableError
        ),
        lambda attempt: f"payment of order {attempt.order.number}, paid otherwise, closed",
        dry_run,
    )


def _unpaid_orders() -> QuerySet[Any]:
    Attempt = registered_payments.Attempt
    waiting = Attempt.objects.unfinished().filter(status__in=(Attempt.OPEN, Attempt.EXPIRED))
    settled = Attempt.objects.filter(
        order=OuterRef("pk"), status__in=(*Attempt.SETTLED, Attempt.CANCELLED)
    )
    orders: QuerySet[Any] = get_model("order", "Order").objects.filter(
        ~Exists(settled), pk__in=waiting.values("order"), lines__subscription_term__isnull=True
    )
    return orders.select_related("user").distinct()


def _moment(day: date, dry_run: bool) -> datetime:
    """The present moment, moved to ``day`` in a dry run."""
    return timezone.now() + (day - conf.today() if dry_run else timedelta(0))


def _cancel_and_tell(order: Order) -> bool:
    if not cancel_order(order):
        return False
    _tell_of_age(order, timezone.now())
    return True


def _foretell(order: Order, moment: datetime) -> bool:
    work.carry_out_and_undo(lambda one: _tell_of_age(one, moment), order)
    return True


def _tell_of_age(order: Order, moment: datetime) -> bool:
    return payable.is_too_old(order, moment) and _tell(order, mails.CANCELLED)


def _tell(order: Order, kind: str) -> bool:
    plan = fulfilment.plan_for_order(order)
    # An order that gave way to a newer one is no news.
    if order.user is None or plan is None or payable.was_ordered_again(order, plan):
        return False
    subscription, _is_new = registered.Subscription.objects.of_member(order.user, plan)
    return mails.tell(subscription, kind, order)


def _over(orders: Iterable[Order], moment: datetime) -> Iterator[Order]:
    return (order for order in orders if payable.may_be_paid(order, moment).is_over)

"""Charge what was announced: place the order, have the gateway charge it, act on the answer.

A process may be killed at any moment: the next run continues from what is written. An attempt is
written in one transaction with its order; its result is asked of the gateway, any number of times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from oscar.apps.order.exceptions import UnableToPlaceOrder

from oscar_subscriptions import conf, fulfilment, gateway
from oscar_subscriptions.abstract_models import renewals as states
from oscar_subscriptions.daily_run import runner, work
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.renewals import announcements, obstacles, orders, outcomes, table
from oscar_subscriptions.transactions import transactional

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, OrderLine, PlannedRenewal


def charge_renewals(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Charge the announced renewals whose day has come, or comes again after a refusal."""
    if not dry_run:
        day = min(day, conf.today())  # nothing is charged before its day, in a run for a later one
    rows = registered.PlannedRenewal.objects.opened()
    due = rows.filter(charge_on__lte=day).select_related(
        "auto_renewal__subscription", "follows__order_line__order"
    )
    yield from work.for_each_row(
        (row for row in work.in_batches(due) if not dry_run or _would_be_charged(row, day)),
        work.with_circuit_breaker(lambda row: charge_renewal(row, day), gateway.UnavailableError),
        lambda row: f"renewal of {row.auto_renewal} charged",
        dry_run,
    )


def charge_renewal(planned: PlannedRenewal, day: date) -> bool:
    """Charge ``planned`` if that is due and nothing stands in the way, or continue where a process
    died. Called outside of any transaction.

    Returns:
        Whether anything was done.

    Raises:
        gateway.UnavailableError: no answer; the next run continues.
    """
    step = _begin(planned.pk, day)
    if step.order is None:
        return step.is_done
    if step.obstacle is not None:
        return cancel_and_drop(planned.pk, step.order, step.obstacle)
    line: OrderLine | None = planned.follows.order_line
    if line is not None:
        # A refund or dispute ends the term that would be renewed, and with it the charge.
        get_gateway().look_again(line.order)
    answer = get_gateway().charge(step.order, lambda: _is_wanted(planned.pk, day))
    return outcomes.apply_charge(planned.pk, answer)


@dataclass(frozen=True)
class _Step:
    """What comes next.

    Attributes:
        order: to be charged, or cancelled if there is an obstacle; ``None``: nothing comes next.
        obstacle: why ``order`` is to be cancelled.
        is_done: whether the renewal was ended instead.
    """

    order: Order | None = None
    obstacle: obstacles.Obstacle | None = None
    is_done: bool = False


@transactional
def _begin(pk: int, day: date) -> _Step:
    planned = outcomes.locked_renewal(pk)
    if planned.status not in planned.OPEN:
        return _Step()
    order: Order | None = planned.order
    if order is not None and fulfilment.term_of(order) is not None:
        return _Step(is_done=outcomes.complete(planned))
    if not get_gateway().can_renew():
        return _Step()  # the gateway was replaced: the new one knows nothing of a charge under way
    if planned.status == states.CHARGING:
        return _Step(order)
    if obstacle := obstacles.obstacle_to_charging(planned, day):
        if not obstacle.is_final:
            return _Step()
        if order is not None:
            return _Step(order, obstacle)
        return _Step(is_done=outcomes.meet(planned, obstacle))
    if not outcomes.tries_are_left(planned):
        return _Step(is_done=outcomes.happen(planned, table.NO_DAY_LEFT))
    if not _is_due(planned, day):
        return _Step()
    return _try(planned, day)


def _try(planned: PlannedRenewal, day: date) -> _Step:
    order: Order | None = planned.order
    if order is None:
        try:
            order = orders.place_renewal_order(planned)
        except orders.PriceChangedError:
            return _Step(is_done=announcements.replace(planned, day))
        except (orders.NotForSaleError, UnableToPlaceOrder):
            return _Step()
        # The run may have been late; further attempts keep their distance.
        planned.order, planned.charge_on = order, max(planned.charge_on, day)
    is_begun = get_gateway().begin_charge(order)
    planned.tries += is_begun
    # Written even if no charge was begun: the next run would place another order.
    outcomes.happen(planned, table.BEGUN if is_begun else table.LEFT_TO_MEMBER)
    return _Step(order if is_begun else None)


def _is_due(planned: PlannedRenewal, day: date) -> bool:
    days = conf.settings.RENEWAL_RETRY_DAYS[planned.tries]
    return day >= planned.charge_on + timedelta(days=days)


@transactional
def _is_wanted(pk: int, day: date) -> bool:
    """Whether ``pk`` is still to be charged, asked under the lock that switching off takes too."""
    planned = outcomes.locked_renewal(pk)
    is_open = planned.status in planned.OPEN
    return is_open and obstacles.obstacle_to_charging(planned, day) is None


def cancel_and_drop(pk: int, order: Order, obstacle: obstacles.Obstacle) -> bool:
    """Cancel ``order`` at the provider because of ``obstacle``, then close its renewal ``pk``.
    Called outside of any transaction.

    Returns:
        Whether it is cancelled; not if it is paid.

    Raises:
        gateway.UnavailableError: no answer; nothing changed.
    """
    if not get_gateway().give_up(order):
        return False  # paid meanwhile, or about to be: the next run looks again
    drop_cancelled(pk, obstacle)
    return True


@transactional
def drop_cancelled(pk: int, obstacle: obstacles.Obstacle) -> bool:
    """Close the renewal ``pk``, whose order is cancelled or was never placed.

    Returns:
        Whether it was open.
    """
    return outcomes.meet(outcomes.locked_renewal(pk), obstacle)


@transactional
def complete_paid(pk: int) -> bool:
    """Complete the renewal ``pk`` if its order is paid, for somebody who is told so; return whether
    it is."""
    return outcomes.complete(outcomes.locked_renewal(pk), is_told=True)


def _would_be_charged(planned: PlannedRenewal, day: date) -> bool:
    return obstacles.obstacle_to_charging(planned, day) is None and (
        planned.status == states.CHARGING
        or (outcomes.tries_are_left(planned) and _is_due(planned, day))
    )

"""End a planned renewal, and tell the member. Needs the lock that ``locked_renewal`` takes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from oscar_subscriptions import conf, fulfilment, gateway, journal
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.loading import registered
from oscar_subscriptions.renewals import mails, obstacles
from oscar_subscriptions.transactions import for_update, transactional

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, PlannedRenewal


def locked_renewal(pk: int) -> PlannedRenewal:
    """Return the planned renewal ``pk`` as it is now, its subscription locked until the open
    transaction ends."""
    assert transaction.get_connection().in_atomic_block
    for_update(registered.Subscription.objects.all()).get(auto_renewals__planned=pk)
    rows = registered.PlannedRenewal.objects.select_related(
        "auto_renewal__subscription__plan__product", "auto_renewal__subscription__user"
    )
    return rows.select_related("follows__order_line__order", "order").get(pk=pk)


def end_as(planned: PlannedRenewal, status: str, problem: str = "") -> None:
    """Write that ``planned`` has ended.

    Args:
        status: one of the ``STATUS_CHOICES``.
        problem: why, if it did not end well; default: the problem that is written already.
    """
    assert transaction.get_connection().in_atomic_block
    planned.status = status
    planned.problem = (problem or planned.problem)[:255]
    planned.save(update_fields=["status", "problem"])


def drop(planned: PlannedRenewal, obstacle: obstacles.Obstacle) -> bool:
    """End ``planned`` because what it rested on is gone.

    If the consent ends, the member is told by mail.

    Returns:
        ``True``, for the run's report.
    """
    end_as(planned, planned.DROPPED, obstacle.words)
    if not obstacle.ends_consent:
        return True
    subscription = planned.auto_renewal.subscription
    if planned.order is None or subscription.user is None or planned.follows.revoked_at:
        auto_renewal.switch_off(subscription, reason=obstacle.words)
    else:
        stop_with_mail(planned, obstacle.words)
    return True


def stop_with_mail(planned: PlannedRenewal, words: str) -> None:
    """Switch automatic renewal off because it can't be carried out; the mail says so.

    Args:
        words: why, for the history.
    """
    subscription = planned.auto_renewal.subscription
    auto_renewal.switch_off(subscription, reason=words, facts={"planned": planned.pk})


def tries_are_left(planned: PlannedRenewal) -> bool:
    """Return whether there is another day on which ``planned`` may be charged."""
    retry_days = conf.settings.RENEWAL_RETRY_DAYS
    if planned.begun >= len(retry_days):
        return False
    day = planned.charge_on + timedelta(days=retry_days[planned.begun])
    return day <= planned.follows.covered_until


def fail(planned: PlannedRenewal) -> bool:
    """End ``planned`` after its last attempt; the order stays payable by hand. Returns ``True``."""
    end_as(planned, planned.FAILED)
    stop_with_mail(planned, planned.problem)
    return True


@transactional
def apply_charge(pk: int, charge: gateway.Charge) -> bool:
    """Act on the result of an attempt to charge the renewal ``pk``; twice changes nothing.

    Returns:
        Whether anything was done.
    """
    planned = locked_renewal(pk)
    if planned.status != planned.OPEN or planned.begun <= planned.refused:
        return False
    if charge.status == gateway.PAID:
        return complete(planned)
    if charge.status == gateway.PENDING:
        return False
    planned.refused = planned.begun
    planned.problem = charge.problem[:255] or planned.problem
    planned.save(update_fields=["refused", "problem"])
    if charge.status == gateway.GIVEN_UP:
        return False
    order: Order | None = planned.order
    assert order is not None  # an attempt is written with its order
    detail = {"order": order.number}
    subscription = planned.auto_renewal.subscription
    journal.record(subscription, journal.RENEWAL_REFUSED, detail=detail, reason=planned.problem)
    if not tries_are_left(planned):
        return fail(planned)
    mails.refused(planned)
    return True


def complete(planned: PlannedRenewal) -> bool:
    """End ``planned``, whose order is paid.

    Returns:
        Whether its order has given a term; if not, an alert was raised.
    """
    order: Order | None = planned.order
    if order is None or fulfilment.term_of(order) is None:
        return False
    end_as(planned, planned.DONE)
    return True

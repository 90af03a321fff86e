"""How a planned renewal ends, and what the member hears of it. Under the subscription's lock."""

from datetime import timedelta
from typing import Any

from oscar_subscriptions import conf, fulfilment, gateway, journal
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.loading import registered
from oscar_subscriptions.renewals import mails, obstacles
from oscar_subscriptions.transactions import for_update, transactional


def locked(pk: int) -> Any:
    """Return the ``PlannedRenewal`` as it is now, its subscription locked until the transaction
    ends."""
    PlannedRenewal = registered.PlannedRenewal
    Subscription = registered.Subscription
    subscriptions = for_update(Subscription.objects.all())
    subscriptions.get(auto_renewals__planned=pk)
    rows = PlannedRenewal.objects.select_related(
        "auto_renewal__subscription__plan__product", "auto_renewal__subscription__user"
    )
    return rows.select_related("follows__order_line__order", "order").get(pk=pk)


def end_as(planned: Any, status: str, problem: str = "") -> None:
    """Write that ``planned`` has ended, and why if it did not end well."""
    planned.status = status
    planned.problem = (problem or planned.problem)[:255]
    planned.save(update_fields=["status", "problem"])


def drop(planned: Any, obstacle: obstacles.Obstacle) -> bool:
    """End ``planned`` because what it rested on is gone; says so for the run's report.

    A member who was told of an order hears that it is not charged any more, unless that is news of
    another e-mail (the term was taken back) or nobody is left to hear it.
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


def stop_with_mail(planned: Any, words: str) -> None:
    """Switch automatic renewal off because it can't be carried out, and tell the member."""
    subscription = planned.auto_renewal.subscription
    auto_renewal.switch_off(subscription, reason=words)
    mails.stopped(planned)


def tries_are_left(planned: Any) -> bool:
    """Tell whether there is another day on which ``planned`` may be charged."""
    retry_days = conf.settings.RENEWAL_RETRY_DAYS
    if planned.begun >= len(retry_days):
        return False
    day = planned.charge_on + timedelta(days=retry_days[planned.begun])
    return day <= planned.follows.covered_until


def fail(planned: Any) -> bool:
    """End ``planned`` after its last try; the order stays payable by hand."""
    end_as(planned, planned.FAILED)
    stop_with_mail(planned, planned.problem)
    return True


@transactional
def apply_charge(pk: int, charge: gateway.Charge) -> bool:
    """Act on what came of a try to charge; concluding twice changes nothing.

    Returns:
        Whether anything was done.
    """
    planned = locked(pk)
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
    subscription = planned.auto_renewal.subscription
    detail = {"order": planned.order.number}
    journal.record(subscription, journal.RENEWAL_REFUSED, detail=detail, reason=planned.problem)
    if not tries_are_left(planned):
        return fail(planned)
    mails.refused(planned)
    return True


def complete(planned: Any) -> bool:
    """End ``planned`` whose order is paid. Money that gave no term has raised an alert."""
    if fulfilment.term_of(planned.order) is None:
        return False
    end_as(planned, planned.DONE)
    return True

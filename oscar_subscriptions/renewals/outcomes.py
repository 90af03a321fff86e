"""Carry out what the table says of an event in the life of an announced renewal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from oscar_subscriptions import alerts, conf, fulfilment, gateway, journal
from oscar_subscriptions.abstract_models import renewals as states
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.loading import registered
from oscar_subscriptions.renewals import mails, table
from oscar_subscriptions.transactions import for_update, transactional

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, PlannedRenewal
    from oscar_subscriptions.renewals.obstacles import Obstacle


def locked_renewal(pk: int) -> PlannedRenewal:
    """Return the planned renewal ``pk`` as it is now, its subscription locked until the open
    transaction ends."""
    assert transaction.get_connection().in_atomic_block
    for_update(registered.Subscription.objects.all()).get(auto_renewals__planned=pk)
    rows = registered.PlannedRenewal.objects.select_related(
        "auto_renewal__subscription__plan__product", "auto_renewal__subscription__user"
    )
    return rows.select_related("follows__order_line__order", "order").get(pk=pk)


def happen(planned: PlannedRenewal, event: str, problem: str = "") -> bool:
    """Carry out what ``table.TABLE`` says of ``event`` in the state of ``planned``.

    Needs the lock that :func:`locked_renewal` takes.

    Args:
        event: one of the events of ``table``.
        problem: what has gone wrong, for the history; default: the problem that is written already.

    Returns:
        Whether anything changed; nothing does if the table does not know the combination.
    """
    assert transaction.get_connection().in_atomic_block
    then = table.TABLE.get((planned.status, event))
    if then is None:
        return False
    planned.status = then.state
    planned.problem = (problem or planned.problem)[:255]
    planned.save()
    subscription = planned.auto_renewal.subscription
    if table.RECORD in then.actions:
        assert planned.order is not None  # a charge is begun with its order
        detail = {"order": planned.order.number}
        journal.record(subscription, journal.RENEWAL_REFUSED, detail=detail, reason=planned.problem)
    if table.END_CONSENT in then.actions:
        # The switch writes the mail; what it says of an order is told if there is anything to tell.
        is_silent = planned.order is None and event == table.IMPOSSIBLE
        facts = {} if is_silent or planned.follows.revoked_at else {"planned": planned.pk}
        auto_renewal.switch_off(subscription, reason=planned.problem, facts=facts)
    if then.mail == table.REFUSED_MAIL:
        mails.refused(planned)
    return True


def meet(planned: PlannedRenewal, obstacle: Obstacle) -> bool:
    """End ``planned`` because of a final ``obstacle``; return whether it was open."""
    event = table.IMPOSSIBLE if obstacle.ends_consent else table.OBSOLETE
    return happen(planned, event, obstacle.words)


def tries_are_left(planned: PlannedRenewal) -> bool:
    """Return whether there is another day on which ``planned`` may be charged."""
    retry_days = conf.settings.RENEWAL_RETRY_DAYS
    if planned.tries >= len(retry_days):
        return False
    day = planned.charge_on + timedelta(days=retry_days[planned.tries])
    return day <= planned.follows.covered_until


@transactional
def apply_charge(pk: int, charge: gateway.Charge) -> bool:
    """Act on the outcome of a charge of the renewal ``pk``; twice changes nothing.

    Returns:
        Whether anything was done that the daily run reports.
    """
    planned = locked_renewal(pk)
    if planned.status != states.CHARGING or charge.status == gateway.PENDING:
        return False
    if charge.status == gateway.PAID:
        return complete(planned)
    if charge.status == gateway.GIVEN_UP:
        happen(planned, table.GIVEN_UP, charge.problem)
        return False
    event = table.REFUSED if tries_are_left(planned) else table.LAST_REFUSED
    return happen(planned, event, charge.problem)


def complete(planned: PlannedRenewal, *, is_told: bool = False) -> bool:
    """End ``planned``, whose order is paid.

    If automatic renewal was switched off before that was known, operators are alerted: nobody
    wanted this payment.

    Args:
        is_told: whoever switches it off is told that it was paid before.

    Returns:
        Whether its order has given a term; if not, an alert was raised.
    """
    order: Order | None = planned.order
    if order is None or fulfilment.term_of(order) is None:
        return False
    consent = planned.auto_renewal
    if consent.ended_at is not None and not is_told:
        alerts.raise_alert(
            alerts.CHARGED_UNWANTED,
            f"renewal-{planned.pk}-unwanted",
            order=order,
            subscription=consent.subscription,
        )
    return happen(planned, table.PAID)

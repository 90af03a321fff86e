"""What stands in the way of a renewal. Asked when it is announced, when its order is placed, and
under lock immediately before the charge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.plans import eligibility
from oscar_subscriptions.renewals import mails

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import AutoRenewal, Order, PlannedRenewal, Term


@dataclass(frozen=True)
class Obstacle:
    """Why nothing may be announced or charged today.

    Attributes:
        words: for the history, in the active language.
        is_final: whether it stays, so that the renewal is dropped.
        ends_consent: whether automatic renewal is switched off as well.
    """

    words: str
    is_final: bool = True
    ends_consent: bool = False


def obstacle_to_announcing(
    consent: AutoRenewal, follows: Term | None, day: date
) -> Obstacle | None:
    """Return what stands in the way of renewing after the term ``follows``, or ``None``.

    Args:
        consent: as it is now.
        follows: the term that would be renewed; without one there is an obstacle.
        day: the day to judge, in the shop's timezone.
    """
    subscription = consent.subscription
    if not auto_renewal.is_offered():
        return Obstacle(_("The shop does not renew automatically at the moment."), is_final=False)
    if auto_renewal.current(subscription) != consent:
        return Obstacle(_("Automatic renewal was switched off."))
    if subscription.user is None:
        return Obstacle(_("The member's account no longer exists."), ends_consent=True)
    if not subscription.user.is_active:
        return Obstacle(_("The member's account is closed."), is_final=False)
    if not subscription.user.email:  # the mail would count as sent, and reach nobody
        return Obstacle(_("The member has no e-mail address."), is_final=False)
    last = auto_renewal.last_term(subscription)
    if last is None or last.covered_until < day:
        return Obstacle(_("The subscription has ended."), ends_consent=True)
    if last != follows:
        return Obstacle(_("The subscription was renewed in another way."))
    if problem := eligibility.problem_with_plan(subscription.plan, subscription.user):
        return Obstacle(problem, is_final=False)
    return None


def obstacle_to_charging(planned: PlannedRenewal, day: date) -> Obstacle | None:
    """Return what stands in the way of charging ``planned`` now, or ``None``.

    Besides the obstacles to announcing: the member was not told in time, or is about to pay.
    """
    consent = planned.auto_renewal
    if obstacle := obstacle_to_announcing(consent, planned.follows, day):
        return obstacle
    if (waiting := _other_waiting_order(planned)) is not None:
        words = _("Order %(number)s waits for its payment.")
        return Obstacle(words % {"number": waiting.number}, is_final=False)
    order: Order | None = planned.order
    if order is not None:
        may = get_gateway().may_be_paid(order)
        if may.is_over:
            return Obstacle(_("The order can no longer be paid."), ends_consent=True)
        if not may.now:
            return Obstacle(may.reason, is_final=False)
    if not mails.was_told_in_time(planned, day):
        return Obstacle(_("The member has not been told in time."), is_final=False)
    return None


def _other_waiting_order(planned: PlannedRenewal) -> Order | None:
    """An order of the same plan, or of a change to another one, that the member may still pay by
    hand: with the charge they would pay twice."""
    subscription = planned.auto_renewal.subscription
    orders = get_model("order", "Order").objects.filter(
        Q(subscription_consent__plan=subscription.plan)
        | Q(subscription_consent__changes=subscription),
        user=subscription.user,
        lines__subscription_term__isnull=True,
    )
    others: Iterable[Order] = orders.exclude(pk=planned.order_id).order_by("-pk")
    return next((order for order in others if not get_gateway().may_be_paid(order).is_over), None)

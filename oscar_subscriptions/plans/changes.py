"""Changes from one plan to another: at once, or after the last day of the running subscription.

Members are told that a year is sold as a whole: no pro-rata, no refund during use. So a change at
once removes nothing and credits nothing: the old term runs to its last day, and a seller with two
plans has the larger listing limit. A shop that credits the remainder names its own function in
``OSCAR_SUBSCRIPTIONS_CREDIT_POLICY``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

from oscar_subscriptions import conf, terms
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail.held_terms import HeldTerms

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Consent, Plan, Subscription, Visitor
    from oscar_subscriptions.querysets import TermQuerySet

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Change:
    """One way to begin a plan.

    Attributes:
        subscription: the old subscription, to another plan; ``None``: the member changes nothing.
        at_end: begin on the day after the last day of ``subscription``.
        credit: days added to the new term in exchange for the rest of ``subscription``.
    """

    subscription: Subscription | None = None
    at_end: bool = False
    credit: int = 0

    @property
    def code(self) -> str:
        """A short text for a form: ``today``, ``end-7``, ``now-7``."""
        if self.subscription is None:
            return "today"
        return f"{'end' if self.at_end else 'now'}-{self.subscription.pk}"


TODAY = Change()

# Days: ten years. A policy that credits more has made a mistake, and dates would end somewhere.
LONGEST_CREDIT = 3660


def no_credit(subscription: Subscription, plan: Plan, today: date) -> int:
    """Credit nothing: the price of a year does not depend on the days it is used.

    Args:
        subscription: the subscription that is given up.
        plan: the plan that is bought.
        today: the day of payment, in the shop's timezone.

    Returns:
        Days to add to the new term.
    """
    return 0


def ways(user: Visitor, plan: Plan, held: HeldTerms | None = None) -> list[Change]:
    """Return how ``user`` may begin ``plan``: today, and after or instead of what is running.

    Args:
        held: the terms of ``user``, if they have been read.
    """
    found = [TODAY]
    running = (held or HeldTerms.of(user)).running(conf.today()) - {plan.pk}
    if not running or not user.is_authenticated:
        return found
    subscriptions = registered.Subscription.objects.filter(user=user, plan__in=running)
    for subscription in subscriptions.select_related("plan__product").order_by("pk"):
        if _last_day(subscription) is None:
            continue
        found.append(Change(subscription, at_end=True))
        if credit := _credit_offered(subscription, plan):
            found.append(Change(subscription, credit=credit))
    return found


def _credit_offered(subscription: Subscription, plan: Plan) -> int:
    try:
        return credit_for(subscription, plan)
    except Exception:  # the shop's own code; the plan can be bought without a credit
        logger.exception("No credit offered for %s", subscription)
        return 0


def of_consent(consent: Consent | None) -> Change:
    """Return the change that was ordered, with the credit as of today."""
    if consent is None or consent.changes is None:
        return TODAY
    credit = 0 if consent.at_end else credit_for(consent.changes, consent.plan)
    return Change(consent.changes, consent.at_end, credit)


def credit_for(subscription: Subscription, plan: Plan) -> int:
    """Return the days that the shop's policy credits today for the rest of ``subscription``.

    Raises:
        Exception: whatever the policy raises; ``ValueError`` for anything but a number of days.
    """
    if _last_day(subscription) is None:
        return 0
    path = conf.settings.CREDIT_POLICY
    policy: Callable[[Subscription, Plan, date], object] = import_string(path)
    days = policy(subscription, plan, conf.today())
    if type(days) is not int or not 0 <= days <= LONGEST_CREDIT:
        raise ValueError(f"{path} credits {days!r} days")
    return days


def span(
    change: Change, months: int, grace_days: int, earlier: Iterable[terms.HasSpan]
) -> terms.Span:
    """Return the days of a term that is confirmed today and begins as ``change`` says.

    Arguments as in ``terms.bought``.
    """
    day = conf.today()
    if change.at_end:
        assert change.subscription is not None  # there is an end to wait for
        if (last := _last_day(change.subscription)) is not None:
            day = last + terms.ONE_DAY
    return terms.with_credit(terms.bought(day, months, grace_days, earlier), change.credit)


def rest_of(subscription: Subscription) -> TermQuerySet:
    """Return the terms that a credited change gives up: running and upcoming."""
    return subscription.terms.valid().filter(ends_on__gte=conf.today())


def _last_day(subscription: Subscription) -> date | None:
    """Return the last day of ``subscription``, grace excluded; ``None`` if it is over."""
    return rest_of(subscription).order_by("-ends_on").values_list("ends_on", flat=True).first()

"""From one plan to another: at once, beside what runs, or when that has ended.

Members are told that a year is sold as a whole: no pro-rata, no refund during use. So a change at
once takes nothing away and credits nothing: what was paid for runs to its last day, and a seller
with two plans has the larger limit. A shop that credits what is left names a function of its own
in ``OSCAR_SUBSCRIPTIONS_CREDIT_POLICY``.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.module_loading import import_string

from oscar_subscriptions import conf, terms
from oscar_subscriptions.loading import registered


@dataclass(frozen=True)
class Change:
    """One way to begin a plan.

    Attributes:
        subscription: of another plan, from which the member changes; ``None``: from none.
        at_end: begin when that one has ended.
        credit: days added to the new term; the rest of the old subscription is given up for them.
    """

    subscription: Any = None
    at_end: bool = False
    credit: int = 0

    @property
    def code(self) -> str:
        """A short text for a form: ``today``, ``end-7``, ``now-7``."""
        if self.subscription is None:
            return "today"
        return f"{'end' if self.at_end else 'now'}-{self.subscription.pk}"


TODAY = Change()


def no_credit(subscription: Any, plan: Any, today: date) -> int:
    """Credit nothing: the price of a year does not depend on the days it is used.

    Args:
        subscription: the ``Subscription`` that is given up.
        plan: the ``Plan`` that is bought.
        today: the day of the payment, in the shop's timezone.

    Returns:
        Days to add to the new term.
    """
    return 0


def ways(user: Any, plan: Any) -> list[Change]:
    """Return how ``user`` may begin ``plan``: today, and after or instead of what runs."""
    found = [TODAY]
    if not getattr(user, "is_authenticated", False):
        return found
    subscriptions = registered.Subscription.objects.filter(user=user)
    others = subscriptions.exclude(plan=plan).select_related("plan__product").order_by("pk")
    for subscription in others:
        if _last_day(subscription) is None:
            continue
        found.append(Change(subscription, at_end=True))
        if credit := credit_for(subscription, plan):
            found.append(Change(subscription, credit=credit))
    return found


def of_consent(consent: Any) -> Change:
    """Return the change that was ordered, with the credit of today."""
    if consent is None or consent.changes is None:
        return TODAY
    credit = 0 if consent.at_end else credit_for(consent.changes, consent.plan)
    return Change(consent.changes, consent.at_end, credit)


def credit_for(subscription: Any, plan: Any) -> int:
    """Return how many days the shop's policy credits for the rest of ``subscription``, today."""
    if _last_day(subscription) is None:
        return 0
    policy = import_string(conf.settings.CREDIT_POLICY)
    return policy(subscription, plan, conf.today())


def span(change: Change, months: int, grace_days: int, earlier: Any) -> terms.Span:
    """Return the days of a term that is confirmed today and begins as ``change`` says.

    Arguments as in ``terms.bought``.
    """
    day = conf.today()
    if change.at_end and (last := _last_day(change.subscription)) is not None:
        day = last + terms.ONE_DAY
    return terms.with_credit(terms.bought(day, months, grace_days, earlier), change.credit)


def rest_of(subscription: Any) -> Any:
    """Return a queryset of the terms that a credited change gives up: running and to come."""
    return subscription.terms.valid().filter(ends_on__gte=conf.today())


def _last_day(subscription: Any) -> date | None:
    """The last day of what is left of ``subscription``; ``None`` if nothing is."""
    return rest_of(subscription).order_by("-ends_on").values_list("ends_on", flat=True).first()

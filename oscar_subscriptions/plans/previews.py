"""The exact days that a plan would give a visitor if it were paid today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from oscar_subscriptions import conf, terms
from oscar_subscriptions.mail.held_terms import HeldTerms
from oscar_subscriptions.plans import changes

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Plan, Term, Visitor


@dataclass(frozen=True)
class Purchase(terms.Span):
    """The days that a purchase would give.

    Attributes:
        seller_from: first day of the terms that the member already has, if the purchase begins
            after them and the member is not a seller until then; otherwise ``None``.
    """

    seller_from: date | None = None


def preview_terms(
    plans: Iterable[Plan],
    user: Visitor | None,
    today: date | None = None,
    held: HeldTerms | None = None,
) -> dict[int, Purchase]:
    """Return the days of each plan by its primary key, in one query; none for anonymous visitors.

    Args:
        plans: the plans.
        user: the visitor; a member's running and suspended terms are continued.
        today: the day of payment; default: today in the shop's timezone.
        held: the terms of ``user``, if they have been read.
    """
    day = today or conf.today()
    earlier = _earlier(held or HeldTerms.of(user))
    to_come = _first_day_to_come(chain.from_iterable(earlier.values()), day)
    return {plan.pk: _purchase(plan, earlier[plan.pk], day, to_come) for plan in plans}


def _purchase(plan: Plan, held: list[Term], day: date, to_come: date | None) -> Purchase:
    span = terms.bought(day, plan.months, plan.grace_days, held)
    # While a suspended term covers today, the dispute has to be settled, not a day awaited.
    waits = span.starts_on > day and not any(term.span.covers(day) for term in held)
    return Purchase(
        span.starts_on,
        span.ends_on,
        span.covered_until,
        span.anchor,
        seller_from=to_come if waits else None,
    )


def preview_term(
    plan: Plan,
    user: Visitor | None,
    today: date | None = None,
    held: HeldTerms | None = None,
) -> Purchase:
    """Return the days of one plan; arguments as in :func:`preview_terms`."""
    return preview_terms([plan], user, today, held)[plan.pk]


def preview_change(
    plan: Plan, user: Visitor | None, change: changes.Change, held: HeldTerms | None = None
) -> terms.Span:
    """Return the days that ``plan`` would give if it were paid today and began as ``change``.

    Args:
        held: the terms of ``user``, if they have been read.
    """
    earlier = _earlier(held or HeldTerms.of(user))
    return changes.span(change, plan.months, plan.grace_days, earlier[plan.pk])


def continues(span: terms.Span | Term) -> bool:
    """Return whether ``span`` follows an earlier term without a gap.

    The first term of a chain starts on its anchor, later ones do not. Neither does a first
    ``Term`` with credited days, which moved its anchor; so for a ``Term`` the rows decide.
    """
    if span.starts_on == span.anchor:
        return False
    return isinstance(span, terms.Span) or _follows_another(span)


def _follows_another(term: Term) -> bool:
    day_before = term.starts_on - terms.ONE_DAY
    return term.subscription.terms.not_revoked().filter(ends_on=day_before).exists()


def _first_day_to_come(held: Iterable[Term], day: date) -> date | None:
    """Return the first day of the upcoming valid terms; ``None`` if a term covers ``day``."""
    valid = [term for term in held if term.is_valid]
    if any(term.span.covers(day) for term in valid):
        return None
    return min((term.starts_on for term in valid if term.starts_on > day), default=None)


def _earlier(held: HeldTerms) -> defaultdict[int, list[Term]]:
    by_plan: defaultdict[int, list[Term]] = defaultdict(list)
    for term in held:
        by_plan[term.subscription.plan_id].append(term)
    return by_plan

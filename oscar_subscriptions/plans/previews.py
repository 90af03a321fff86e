"""The exact days that a plan would give this visitor if it were paid today."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from itertools import chain
from typing import Any

from oscar_subscriptions import conf, terms
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import changes


@dataclass(frozen=True)
class Purchase(terms.Span):
    """The days that a purchase would give.

    Attributes:
        seller_from: the first of the days that the member has already, where the purchase begins
            behind them and he is not a seller before; ``None`` anywhere else.
    """

    seller_from: date | None = None


def preview_terms(
    plans: Iterable[Any], user: Any, today: date | None = None
) -> dict[int, Purchase]:
    """Return the span of each plan by its id; one query for all plans, none for a visitor.

    Args:
        plans: ``Plan`` rows.
        user: the visitor; the running and suspended terms of a member are continued.
        today: the day of payment; default: today in the shop's timezone.
    """
    day = today or conf.today()
    earlier = _earlier(user)
    to_come = _first_day_to_come(chain.from_iterable(earlier.values()), day)
    return {plan.pk: _purchase(plan, earlier[plan.pk], day, to_come) for plan in plans}


def _purchase(plan: Any, held: list[Any], day: date, to_come: date | None) -> Purchase:
    span = terms.bought(day, plan.months, plan.grace_days, held)
    # While a suspended term covers today, it is the dispute that has to be settled.
    waits = span.starts_on > day and not any(term.span.covers(day) for term in held)
    return Purchase(**asdict(span), seller_from=to_come if waits else None)


def preview_term(plan: Any, user: Any, today: date | None = None) -> Purchase:
    """Return the span of one plan; arguments as in :func:`preview_terms`."""
    return preview_terms([plan], user, today)[plan.pk]


def preview_change(plan: Any, user: Any, change: changes.Change) -> terms.Span:
    """Return the days that ``plan`` would give if it were paid today and begun as ``change``."""
    return changes.span(change, plan.months, plan.grace_days, _earlier(user)[plan.pk])


def continues(span: Any) -> bool:
    """Tell whether ``span``, a ``Span`` or a ``Term``, follows an earlier term without a gap.

    The first term of a chain starts on its anchor; every later one starts on another day. So does
    a first ``Term`` that days were credited to, whose anchor they moved.
    """
    if span.starts_on == span.anchor:
        return False
    return isinstance(span, terms.Span) or _follows_another(span)


def _follows_another(term: Any) -> bool:
    day_before = term.starts_on - terms.ONE_DAY
    return term.subscription.terms.not_revoked().filter(ends_on=day_before).exists()


def _first_day_to_come(held: Iterable[Any], day: date) -> date | None:
    """The first day of the valid terms to come; ``None`` if one covers ``day`` or none comes."""
    valid = [term for term in held if term.is_valid]
    if any(term.span.covers(day) for term in valid):
        return None
    return min((term.starts_on for term in valid if term.starts_on > day), default=None)


def _earlier(user: Any) -> dict[int, list[Any]]:
    by_plan: dict[int, list[Any]] = defaultdict(list)
    if getattr(user, "is_authenticated", False):
        rows = registered.Term.objects.of(user).not_revoked()
        for term in rows.select_related("subscription"):
            by_plan[term.subscription.plan_id].append(term)
    return by_plan

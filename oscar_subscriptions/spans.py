"""The exact days that a plan would give this visitor if it were paid today."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from oscar.core.loading import get_model

from oscar_subscriptions import conf, plan_changes, terms


def spans_if_bought(
    plans: Iterable[Any], user: Any, today: date | None = None
) -> dict[int, terms.Span]:
    """Return the span of each plan by its id; one query for all plans, none for a visitor.

    Args:
        plans: ``Plan`` rows.
        user: the visitor; the running and suspended terms of a member are continued.
        today: the day of payment; default: today in the shop's timezone.
    """
    day = today or conf.today()
    earlier = _earlier(user)
    return {
        plan.pk: terms.bought(day, plan.months, plan.grace_days, earlier[plan.pk]) for plan in plans
    }


def span_if_bought(plan: Any, user: Any, today: date | None = None) -> terms.Span:
    """Return the span of one plan; arguments as in :func:`spans_if_bought`."""
    return spans_if_bought([plan], user, today)[plan.pk]


def span_of_change(plan: Any, user: Any, change: plan_changes.Change) -> terms.Span:
    """Return the days that ``plan`` would give if it were paid today and begun as ``change``."""
    return plan_changes.span(change, plan.months, plan.grace_days, _earlier(user)[plan.pk])


def continues(span: Any) -> bool:
    """Tell whether ``span``, a ``Span`` or a ``Term``, follows an earlier term without a gap.

    The first term of a chain starts on its anchor; every later one starts on another day.
    """
    return span.starts_on != span.anchor


def _earlier(user: Any) -> dict[int, list[Any]]:
    by_plan: dict[int, list[Any]] = defaultdict(list)
    if getattr(user, "is_authenticated", False):
        rows = get_model("oscar_subscriptions", "Term").objects.of(user).not_revoked()
        for term in rows.select_related("subscription"):
            by_plan[term.subscription.plan_id].append(term)
    return by_plan

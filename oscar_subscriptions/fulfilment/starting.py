"""A term begins: bought or granted, it is written in one way, and the same follows from it."""

from typing import Any

from oscar.core.loading import get_model

from oscar_subscriptions import journal, signals, terms
from oscar_subscriptions.fulfilment import term_notices
from oscar_subscriptions.fulfilment.ledger import take_effect


def conditions_of(source: Any, *, months: int = 0) -> dict[str, Any]:
    """Return the conditions that a term keeps as a snapshot.

    Args:
        source: a ``Plan``, ``Consent`` or ``Term``.
        months: how many months the term has; 0 for one that is counted in days.
    """
    return {
        "listing_limit": source.listing_limit,
        "grace_days": source.grace_days,
        "months": months,
    }


def start(
    subscription: Any,
    span: terms.Span,
    conditions: dict[str, Any],
    *,
    kind: str,
    reason: str = "",
    actor: Any = None,
    detail: dict[str, Any] | None = None,
    **origin: Any,
) -> Any:
    """Write a term and its journal line, and carry out what follows for its member.

    Called in a transaction that holds the lock of ``subscription``.

    Args:
        subscription: whose term it is; it has a member.
        span: its days.
        conditions: see :func:`conditions_of`.
        kind: the journal's word for it.
        reason: why, in the words of ``actor``.
        actor: the operator who granted it, or ``None``.
        detail: facts for the journal, besides the days.
        origin: further fields of the term: order line and price, or who granted it and why.
    """
    Term = get_model("oscar_subscriptions", "Term")
    term = Term.objects.create(
        subscription=subscription,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        covered_until=span.covered_until,
        anchor=span.anchor,
        **({"plan_title": subscription.plan.title} | conditions | origin),
    )
    days = {"from": str(span.starts_on), "to": str(span.ends_on)}
    journal.record(
        subscription, kind, term=term, detail=(detail or {}) | days, reason=reason, actor=actor
    )
    _keep_name(subscription)
    take_effect(subscription.user)
    term_notices.term_started(term)
    signals.send_on_commit(signals.term_started, sender=Term, term=term)
    return term


def _keep_name(subscription: Any) -> None:
    """The member's name of now, for the day when the account is gone."""
    name = subscription.user.get_full_name()[:255]
    if name and name != subscription.member_name:
        subscription.member_name = name
        subscription.save(update_fields=["member_name"])

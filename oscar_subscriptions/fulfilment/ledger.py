"""The only module that writes the days and the validity of terms.

Each function is the same sequence: lock of the subscription → row → journal → consequences (seller,
services) → mail → signal. All of it is one transaction; mail and signal leave after its commit.
"""

from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from oscar_subscriptions import alerts, journal, signals
from oscar_subscriptions.fulfilment import consequences, term_notices, transfers
from oscar_subscriptions.loading import registered
from oscar_subscriptions.terms import Span
from oscar_subscriptions.transactions import locked, transactional


def conditions_of(source: Any, *, months: int = 0) -> dict[str, Any]:
    """Return the conditions that a term keeps as a snapshot.

    Args:
        source: a ``Plan``, ``Consent`` or ``Term``.
        months: how many months the term has; 0 for a term that is counted in days.

    Returns:
        ``listing_limit``, ``grace_days`` and ``months``, fields of ``Term``.
    """
    return {
        "listing_limit": source.listing_limit,
        "grace_days": source.grace_days,
        "months": months,
    }


def add(
    subscription: Any,
    span: Span,
    conditions: dict[str, Any],
    *,
    kind: str,
    reason: str = "",
    actor: Any = None,
    detail: dict[str, Any] | None = None,
    **origin: Any,
) -> Any:
    """Write a term that was bought or granted; return it.

    Needs an open transaction that holds the lock of ``subscription``.

    Args:
        subscription: the ``Subscription``; it has a member.
        span: the days of the term.
        conditions: of :func:`conditions_of`.
        kind: ``journal.TERM_STARTED`` or ``TERM_GRANTED``.
        reason: why, in the words of ``actor``.
        actor: the operator who granted it, or ``None``.
        detail: facts for the journal besides the days, as JSON.
        origin: further fields of the term: order line and price, or who granted it and why.
    """
    assert transaction.get_connection().in_atomic_block
    Term = registered.Term
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
    _refresh_name(subscription)
    consequences.apply_consequences(subscription.user)
    term_notices.term_started(term)
    signals.send_on_commit(signals.term_started, sender=Term, term=term)
    return term


def revoke(term: Any, *, reason: str, actor: Any = None, tell: bool = True) -> None:
    """Take ``term`` back: a full refund, a lost dispute, or an operator's decision.

    Frees its days and touches no other term. Revoking twice changes nothing.

    Args:
        term: the ``Term``.
        reason: why; kept in the journal.
        actor: the operator, or ``None`` for a fact reported by the provider.
        tell: whether the member gets a mail about it; not if the member asked for it.
    """
    values = {"revoked_at": timezone.now()}
    _write(term, values, signals.term_revoked, reason, actor, tell=tell)


def suspend(term: Any, *, reason: str, actor: Any = None) -> None:
    """Freeze ``term`` while its payment is disputed; it keeps its days. As :func:`revoke`."""
    _write(term, {"suspended_at": timezone.now()}, signals.term_suspended, reason, actor)


def restore(term: Any, *, reason: str, actor: Any = None) -> None:
    """End the suspension of ``term``, which keeps its original last day. As :func:`revoke`.

    A term that was revoked as well stays revoked: a dispute that is won does not undo a refund.
    """
    _write(term, {"suspended_at": None}, signals.term_restored, reason, actor)


def reinstate(term: Any, *, reason: str, actor: Any = None) -> None:
    """Undo a revocation, with the original days: the refund failed. As :func:`revoke`.

    If the days were sold again meanwhile, nothing changes and the shop's managers are alerted:
    terms never overlap, so a person has to decide. If the days went to another term they count
    there, and only an operator can bring them back here.
    """
    _write(term, {"revoked_at": None}, signals.term_restored, reason, actor)


_KINDS = {
    signals.term_revoked: journal.TERM_REVOKED,
    signals.term_suspended: journal.TERM_SUSPENDED,
    signals.term_restored: journal.TERM_RESTORED,
}


@transactional
def _write(
    term: Any,
    values: dict[str, Any],
    signal: Signal,
    reason: str,
    actor: Any,
    *,
    tell: bool = True,
) -> None:
    subscription = locked(registered.Subscription, term.subscription_id)
    term.refresh_from_db()
    if all(bool(getattr(term, name)) == bool(value) for name, value in values.items()):
        if actor is not None:  # an operator confirms it: from now on it is an operator's decision
            journal.record(subscription, _KINDS[signal], term=term, reason=reason, actor=actor)
        return
    comes_back = "revoked_at" in values and not values["revoked_at"]
    if comes_back and actor is None and transfers.transfers_from(term):
        return
    if comes_back and _was_sold_again(term):
        alerts.raise_alert(
            alerts.DAYS_SOLD_AGAIN,
            f"term-{term.pk}-overlap",
            order=term.order_line and term.order_line.order,
            subscription=subscription,
            reason=f"{subscription}: {term}. {reason}",
        )
        return
    before = term_notices.validity_of(term)
    for name, value in values.items():
        setattr(term, name, value)
    term.save(update_fields=list(values))
    entry = journal.record(subscription, _KINDS[signal], term=term, reason=reason, actor=actor)
    if subscription.user is not None:
        consequences.apply_consequences(subscription.user)
        if tell:
            term_notices.validity_changed(term, before, entry)
    signals.send_on_commit(signal, sender=type(term), term=term)


def is_operators_decision(term: Any, kind: str) -> bool:
    """Return whether the latest line of ``kind`` about ``term`` in the journal names an operator.

    A fact reported by the provider does not undo what an operator decided.

    Args:
        kind: ``journal.TERM_REVOKED``, ``TERM_SUSPENDED`` or ``TERM_RESTORED``.
    """
    latest = term.journal.filter(kind=kind).order_by("-at", "-pk").first()
    return latest is not None and bool(latest.actor_name)


def _was_sold_again(term: Any) -> bool:
    others = type(term).objects.not_revoked().filter(subscription=term.subscription_id)
    overlapping = others.filter(starts_on__lte=term.ends_on, ends_on__gte=term.starts_on)
    return overlapping.exclude(pk=term.pk).exists()


def _refresh_name(subscription: Any) -> None:
    """Refresh the stored member name; it outlives the account."""
    name = subscription.user.get_full_name()[:255]
    if name and name != subscription.member_name:
        subscription.member_name = name
        subscription.save(update_fields=["member_name"])

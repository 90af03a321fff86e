"""The only module that writes the days and the validity of terms.

Each function is the same sequence: lock of the subscription → row → journal → consequences (seller,
services) → mail → signal. All of it is one transaction; mail and signal leave after its commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, Unpack

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from oscar_subscriptions import alerts, journal, signals
from oscar_subscriptions.fulfilment import consequences, term_notices
from oscar_subscriptions.loading import registered
from oscar_subscriptions.terms import Span
from oscar_subscriptions.transactions import locked, transactional

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID

    from oscar_subscriptions.protocols import Consent, OrderLine, Plan, Subscription, Term, User


class Conditions(TypedDict):
    """Conditions that a term keeps as a snapshot; fields of ``Term``."""

    listing_limit: int | None  # services; None: no limit
    grace_days: int
    months: int  # calendar months; 0 for a term that is counted in days


class Origin(TypedDict, total=False):
    """How a term came about; fields of ``Term``."""

    order_line: OrderLine
    plan_title: str
    price: Decimal  # incl. tax, in major units
    currency: str
    granted_by: User
    granted_by_name: str
    grant_reason: str
    batch: UUID | None


def conditions_of(source: Plan | Consent | Term, *, months: int = 0) -> Conditions:
    """Return the conditions of ``source``, for a term of ``months`` calendar months (0: a term that
    is counted in days)."""
    return {
        "listing_limit": source.listing_limit,
        "grace_days": source.grace_days,
        "months": months,
    }


def add(
    subscription: Subscription,
    span: Span,
    conditions: Conditions,
    *,
    kind: str,
    reason: str = "",
    actor: User | None = None,
    detail: Mapping[str, object] | None = None,
    **origin: Unpack[Origin],
) -> Term:
    """Write a bought or granted term; return it.

    Needs an open transaction that holds the lock of ``subscription``.

    Args:
        subscription: the ``Subscription``; it has a member.
        span: the days of the term.
        conditions: of :func:`conditions_of`.
        kind: ``journal.TERM_STARTED`` or ``TERM_GRANTED``.
        reason: why, in the words of ``actor``.
        actor: the operator who granted it, or ``None``.
        detail: facts for the journal besides the days ``from`` and ``to``, as JSON.
        origin: order line and price, or operator and reason of a grant.
    """
    assert transaction.get_connection().in_atomic_block
    assert subscription.user is not None  # the caller has checked it under the lock
    if "plan_title" not in origin:
        origin["plan_title"] = subscription.plan.title
    values: dict[str, object] = {**conditions, **origin}
    term = registered.Term.objects.create(
        subscription=subscription,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        covered_until=span.covered_until,
        anchor=span.anchor,
        **values,
    )
    facts = {**(detail or {}), "from": str(span.starts_on), "to": str(span.ends_on)}
    journal.record(subscription, kind, term=term, detail=facts, reason=reason, actor=actor)
    _refresh_name(subscription, subscription.user)
    consequences.apply_consequences(subscription.user)
    term_notices.term_started(term)
    signals.send_on_commit(signals.term_started, sender=registered.Term, term=term)
    return term


def revoke(term: Term, *, reason: str, actor: User | None = None, tell: bool = True) -> None:
    """Revoke ``term``: a full refund, a lost dispute, or an operator's decision.

    Frees its days and touches no other term. Revoking twice changes nothing.

    Args:
        term: the ``Term``.
        reason: why; kept in the journal.
        actor: the operator, or ``None`` for a fact reported by the provider.
        tell: whether the member gets a mail about it; not if the member asked for it.
    """
    _write(term, {"revoked_at": timezone.now()}, signals.term_revoked, reason, actor, tell=tell)


def suspend(term: Term, *, reason: str, actor: User | None = None) -> None:
    """Suspend ``term`` while its payment is disputed; it keeps its days. As :func:`revoke`."""
    _write(term, {"suspended_at": timezone.now()}, signals.term_suspended, reason, actor)


def resume(term: Term, *, reason: str, actor: User | None = None) -> None:
    """End the suspension of ``term``, which keeps its original last day. As :func:`revoke`.

    A term that was revoked as well stays revoked: a dispute that is won does not undo a refund.
    """
    _write(term, {"suspended_at": None}, signals.term_restored, reason, actor)


def restore(term: Term, *, reason: str, actor: User | None = None) -> None:
    """Undo the revocation of ``term``, with its original days: the refund failed. As
    :func:`revoke`.

    If the days were sold again meanwhile, nothing changes and the shop's managers are alerted:
    terms never overlap, so a person has to decide. If the days went to another term, they count
    there, and only an operator can bring them back.
    """
    _write(term, {"revoked_at": None}, signals.term_restored, reason, actor)


_KINDS = {
    signals.term_revoked: journal.TERM_REVOKED,
    signals.term_suspended: journal.TERM_SUSPENDED,
    signals.term_restored: journal.TERM_RESTORED,
}


@transactional
def _write(
    term: Term,
    values: dict[str, datetime | None],
    signal: Signal,
    reason: str,
    actor: User | None,
    *,
    tell: bool = True,
) -> None:
    subscription: Subscription = locked(registered.Subscription, term.subscription_id)
    term.refresh_from_db()
    if all(bool(getattr(term, name)) == bool(value) for name, value in values.items()):
        if actor is not None:  # the operator confirms it: now it is an operator's decision
            journal.record(subscription, _KINDS[signal], term=term, reason=reason, actor=actor)
        return
    comes_back = "revoked_at" in values and not values["revoked_at"]
    if comes_back and actor is None and term.went_to_id is not None:
        return
    if comes_back and _was_sold_again(term):
        who, what = alerts.subscription(subscription), alerts.term(term)
        alerts.raise_alert(
            alerts.DAYS_SOLD_AGAIN,
            f"term-{term.pk}-overlap",
            order=term.order_line.order if term.order_line is not None else None,
            subscription=subscription,
            detail={"lines": [alerts.line("sold-again", subscription=who, term=what)]},
            reason=reason,
        )
        return
    before = term_notices.validity_of(term)
    if comes_back:
        values = values | {"went_to": None}  # an operator brings the days back
    for name, value in values.items():
        setattr(term, name, value)
    term.save(update_fields=list(values))
    entry = journal.record(subscription, _KINDS[signal], term=term, reason=reason, actor=actor)
    if subscription.user is not None:
        consequences.apply_consequences(subscription.user)
        if tell:
            term_notices.validity_changed(term, before, entry)
    signals.send_on_commit(signal, sender=type(term), term=term)


def is_operators_decision(term: Term, kind: str) -> bool:
    """Return whether the latest journal entry of ``kind`` about ``term`` names an operator.

    A fact reported by the provider does not undo an operator's decision.

    Args:
        kind: ``journal.TERM_REVOKED``, ``TERM_SUSPENDED`` or ``TERM_RESTORED``.
    """
    latest = term.journal.filter(kind=kind).order_by("-at", "-pk").first()
    return latest is not None and bool(latest.actor_name)


def _was_sold_again(term: Term) -> bool:
    others = registered.Term.objects.not_revoked().filter(subscription=term.subscription_id)
    overlapping = others.filter(starts_on__lte=term.ends_on, ends_on__gte=term.starts_on)
    return overlapping.exclude(pk=term.pk).exists()


def _refresh_name(subscription: Subscription, user: User) -> None:
    """Refresh the stored member name; it outlives the account."""
    name = user.get_full_name()[:255]
    if name and name != subscription.member_name:
        subscription.member_name = name
        subscription.save(update_fields=["member_name"])

"""Terms that an operator grants without payment, with the operator's name and a reason.

Nothing here edits a term. An extension is a term of its own after the last one; a handover revokes
the rest of one subscription and grants it to another member.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from oscar_subscriptions import conf, journal, terms
from oscar_subscriptions.fulfilment import ledger, transfers
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility
from oscar_subscriptions.transactions import for_update, locked, transactional

if TYPE_CHECKING:
    from uuid import UUID

    from oscar_subscriptions.protocols import Plan, Subscription, Term, User


class NotGrantedError(Exception):
    """Nothing was granted; the message tells the operator why."""


@transactional
def grant(
    user: User,
    plan: Plan,
    *,
    reason: str,
    actor: User,
    days: int | None = None,
    months: int | None = None,
    batch: UUID | None = None,
) -> Term:
    """Grant ``user`` a term of ``plan``.

    It starts today, or directly after the last running or future term.

    Args:
        user: the member.
        plan: a ``Plan``, on sale or not.
        reason: why; kept with the term and in the journal.
        actor: the operator.
        days: its length in days, or
        months: in calendar months; default: those of the plan.
        batch: the ``goodwill.Given`` that it is a part of.

    Returns:
        The ``Term``.

    Raises:
        NotGrantedError: no reason, no length, or the subscription is suspended.
    """
    subscription: Subscription = registered.Subscription.objects.locked_for(user, plan)
    if days is None:
        months = plan.months if months is None else months
    return _grant(subscription, reason, actor, days=days, months=months, batch=batch)


@transactional
def extend(
    subscription: Subscription,
    days: int,
    *,
    reason: str,
    actor: User,
    batch: UUID | None = None,
) -> Term:
    """Grant ``days`` more of ``subscription``, directly after its last day.

    The new last day becomes the anchor, so that the year bought next is a whole year. Arguments and
    return value as in :func:`grant`.

    Raises:
        NotGrantedError: as in :func:`grant`, or there is no running or future term.
    """
    subscription = locked(registered.Subscription, subscription.pk)
    if not subscription.terms.not_revoked().filter(covered_until__gte=conf.today()).exists():
        raise NotGrantedError(nothing_to_extend())
    return _grant(subscription, reason, actor, days=days, months=None, batch=batch)


@transactional
def hand_over(subscription: Subscription, to: User, *, reason: str, actor: User) -> list[Term]:
    """Move the rest of ``subscription``, from today on, to another account.

    Its running and future terms are revoked. ``to`` is granted the same days, or as many days
    directly after a running or future term of the same plan. The services stay with their seller.

    Args:
        subscription: the ``Subscription`` to move.
        to: the user who gets the days.
        reason: why; kept in both journals.
        actor: the operator.

    Returns:
        The granted terms.

    Raises:
        NotGrantedError: no reason, nothing is left, the same account, or one of the two is
            suspended.
    """
    if subscription.user_id == to.pk:
        raise NotGrantedError(_("The subscription is this member's already."))
    subscriptions = registered.Subscription.objects
    there, _is_new = subscriptions.of_member(to, subscription.plan)
    # Both rows, always in the same order: two handovers that cross each other do not deadlock.
    both = for_update(subscriptions.filter(pk__in=[subscription.pk, there.pk]).order_by("pk"))
    by_pk: dict[int, Subscription] = {one.pk: one for one in both}
    subscription, there = by_pk[subscription.pk], by_pk[there.pk]
    _check(there, reason)
    rest = list(
        subscription.terms.not_revoked().filter(ends_on__gte=conf.today()).order_by("starts_on")
    )
    if not rest:
        raise NotGrantedError(_("Nothing is left of the subscription."))
    _check(subscription, reason)
    follows_own = there.terms.not_revoked().filter(covered_until__gte=conf.today()).exists()
    for term in rest:
        ledger.revoke(term, reason=reason, actor=actor)
    names = {"from": _name(subscription), "to": _name(there)}
    granted: list[Term] = []
    for term in rest:
        new = ledger.add(
            there,
            _behind(there, term) if follows_own else _rest(term),
            ledger.conditions_of(term, months=term.months),
            kind=journal.TERM_GRANTED,
            reason=reason,
            actor=actor,
            **_by(actor, reason),
        )
        transfers.record_transfer(
            journal.HANDED_OVER, term, new, detail=names, reason=reason, actor=actor
        )
        granted.append(new)
    return granted


def _grant(
    subscription: Subscription,
    reason: str,
    actor: User,
    *,
    days: int | None,
    months: int | None,
    batch: UUID | None,
) -> Term:
    _check(subscription, reason)
    length = days if days is not None else months
    if not length or length < 1:
        raise NotGrantedError(_("A term has at least one day."))
    plan, earlier = subscription.plan, subscription.terms.not_revoked()
    if days is not None:
        span = terms.granted(conf.today(), days, plan.grace_days, earlier)
    else:
        span = terms.bought(conf.today(), length, plan.grace_days, earlier)
    return ledger.add(
        subscription,
        span,
        ledger.conditions_of(plan, months=months or 0),
        kind=journal.TERM_GRANTED,
        reason=reason,
        actor=actor,
        **_by(actor, reason, batch),
    )


def problem_with(subscription: Subscription) -> str:
    """Return why nothing can be granted to ``subscription``, or an empty string."""
    if subscription.user is None:
        return _("The member's account no longer exists.")
    if eligibility.has_suspended_term(subscription.plan, subscription.user):
        return _("The subscription is suspended. Settle that first.")
    return ""


def nothing_to_extend() -> str:
    """Return the message that an extension needs a running or future term."""
    return _("There is no running term to extend. Grant days instead.")


def _check(subscription: Subscription, reason: str) -> None:
    if not reason.strip():
        raise NotGrantedError(_("Please give a reason."))
    if problem := problem_with(subscription):
        raise NotGrantedError(problem)


def _rest(term: Term) -> terms.Span:
    """Return the days of ``term`` from today on, counted from the same anchor."""
    first = max(term.starts_on, conf.today())
    return terms.Span(first, term.ends_on, term.covered_until, term.anchor)


def _behind(there: Subscription, term: Term) -> terms.Span:
    """Return as many days as are left of ``term``, directly after the terms of ``there``."""
    rest = _rest(term)
    left = (rest.ends_on - rest.starts_on).days + 1
    return terms.granted(conf.today(), left, term.grace_days, there.terms.not_revoked())


def _by(actor: User, reason: str, batch: UUID | None = None) -> ledger.Origin:
    return {
        "granted_by": actor,
        "granted_by_name": journal.display_name(actor),
        "grant_reason": reason.strip()[:255],
        "batch": batch,
    }


def _name(subscription: Subscription) -> str:
    return subscription.member_name or subscription.member_email

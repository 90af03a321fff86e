"""Terms that an operator grants without payment, with the operator's name and a reason.

Nothing here edits a term: an extension is a term of its own after the last one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from oscar_subscriptions import conf, journal, terms
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility
from oscar_subscriptions.transactions import locked, transactional

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


def _grant(
    subscription: Subscription,
    reason: str,
    actor: User,
    *,
    days: int | None,
    months: int | None,
    batch: UUID | None,
) -> Term:
    check(subscription, reason)
    if batch is not None:
        # Under the lock of the subscription: two processes give the days of one batch once.
        given = registered.Term.objects.filter(subscription=subscription, batch=batch).first()
        if given is not None:
            return given
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
        **origin(actor, reason, batch),
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


def check(subscription: Subscription, reason: str) -> None:
    """Refuse to grant something to ``subscription``.

    Raises:
        NotGrantedError: the reason is blank, or as :func:`problem_with` says.
    """
    if not reason.strip():
        raise NotGrantedError(_("Please give a reason."))
    if problem := problem_with(subscription):
        raise NotGrantedError(problem)


def origin(actor: User, reason: str, batch: UUID | None = None) -> ledger.Origin:
    """Return the origin of a term that ``actor`` grants."""
    return {
        "granted_by": actor,
        "granted_by_name": journal.display_name(actor),
        "grant_reason": reason.strip()[:255],
        "batch": batch,
    }

"""What a kind operator gives: terms without payment, by name and with a reason.

Nothing here edits a term. An extension is a term of its own after the last one; a handover revokes
the rest here and grants it there.
"""

from typing import Any

from django.utils.translation import gettext as _

from oscar_subscriptions import conf, journal, terms
from oscar_subscriptions.fulfilment import ledger, transfers
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility
from oscar_subscriptions.transactions import for_update, transactional


class NotGrantedError(Exception):
    """Nothing was granted; the message says why, to the operator."""


@transactional
def grant(
    user: Any,
    plan: Any,
    *,
    reason: str,
    actor: Any,
    days: int | None = None,
    months: int | None = None,
    batch: Any = None,
) -> Any:
    """Give ``user`` a term of ``plan`` without payment.

    It starts today, or directly after the last day of a term that runs or is still to come.

    Args:
        user: the member.
        plan: a ``Plan``, on sale or not.
        reason: why; kept with the term and in the journal.
        actor: the operator.
        days: its length in days, or
        months: in calendar months; default: those of the plan.
        batch: UUID of the action that it is a part of, see ``goodwill``.

    Returns:
        The ``Term``.

    Raises:
        NotGrantedError: no reason, no length, or the subscription is suspended.
    """
    subscription = registered.Subscription.objects.locked_for(user, plan)
    if days is None:
        months = plan.months if months is None else months
    return _grant(subscription, reason, actor, days=days, months=months, batch=batch)


@transactional
def extend(subscription: Any, days: int, *, reason: str, actor: Any, batch: Any = None) -> Any:
    """Give the member of ``subscription`` ``days`` more, directly after its last day.

    The last of them becomes the new anchor, so that the year bought next is a whole year.
    Arguments and return value as in :func:`grant`.

    Raises:
        NotGrantedError: as in :func:`grant`, or no term runs or is still to come.
    """
    subscription = _locked(subscription)
    if not subscription.terms.not_revoked().filter(covered_until__gte=conf.today()).exists():
        raise NotGrantedError(nothing_to_extend())
    return _grant(subscription, reason, actor, days=days, months=None, batch=batch)


@transactional
def hand_over(subscription: Any, to: Any, *, reason: str, actor: Any) -> list[Any]:
    """Give the rest of ``subscription``, from today on, to another account.

    Its running and coming terms are revoked here; there the same days are granted, or, where the
    other member has a term of the plan himself, as many days directly after it. The services stay
    with their seller.

    Args:
        subscription: whose rest goes.
        to: the user who gets it.
        reason: why; kept in both journals.
        actor: the operator.

    Returns:
        The terms granted there.

    Raises:
        NotGrantedError: no reason, nothing is left, the same account, or one of the two is
            suspended.
    """
    if subscription.user_id == to.pk:
        raise NotGrantedError(_("The subscription is this member's already."))
    Subscription = registered.Subscription
    there = Subscription.objects.get_or_create(
        user=to,
        plan=subscription.plan,
        defaults={"member_name": to.get_full_name()[:255], "member_email": to.email},
    )[0]
    # Both rows, always in the same order: two handovers that cross each other do not deadlock.
    both = for_update(Subscription.objects.order_by("pk")).filter(
        pk__in=[subscription.pk, there.pk]
    )
    locked = {one.pk: one for one in both}
    subscription, there = locked[subscription.pk], locked[there.pk]
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
    granted = []
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
        transfers.record(journal.HANDED_OVER, term, new, detail=names, reason=reason, actor=actor)
        granted.append(new)
    return granted


def _grant(
    subscription: Any,
    reason: str,
    actor: Any,
    *,
    days: int | None,
    months: int | None,
    batch: Any,
) -> Any:
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
        batch=batch,
        **_by(actor, reason),
    )


def problem_with(subscription: Any) -> str:
    """Say why nothing can be granted to ``subscription``, or return an empty string."""
    if subscription.user is None:
        return _("The member's account no longer exists.")
    if eligibility.has_suspended_term(subscription.plan, subscription.user):
        return _("The subscription is suspended. Settle that first.")
    return ""


def nothing_to_extend() -> str:
    """Message: an extension follows a term that runs or is still to come."""
    return _("There is no running term to extend. Grant days instead.")


def _check(subscription: Any, reason: str) -> None:
    if not reason.strip():
        raise NotGrantedError(_("Please give a reason."))
    if problem := problem_with(subscription):
        raise NotGrantedError(problem)


def _rest(term: Any) -> terms.Span:
    """The days of ``term`` from today on, counted from the same anchor."""
    first = max(term.starts_on, conf.today())
    return terms.Span(first, term.ends_on, term.covered_until, term.anchor)


def _behind(there: Any, term: Any) -> terms.Span:
    """As many days as are left of ``term``, directly after what the other member has."""
    rest = _rest(term)
    left = (rest.ends_on - rest.starts_on).days + 1
    return terms.granted(conf.today(), left, term.grace_days, there.terms.not_revoked())


def _by(actor: Any, reason: str) -> dict[str, Any]:
    return {
        "granted_by": actor,
        "granted_by_name": journal.display_name(actor),
        "grant_reason": reason.strip()[:255],
    }


def _locked(subscription: Any) -> Any:
    rows = for_update(registered.Subscription.objects.all())
    return rows.get(pk=subscription.pk)


def _name(subscription: Any) -> str:
    return subscription.member_name or subscription.member_email

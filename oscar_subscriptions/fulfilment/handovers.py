"""The rest of a subscription, handed over from one member to another by an operator.

Nothing here edits a term: the giver's are revoked, and the receiver is granted terms of the same
days. Taking the handover back does the opposite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from oscar_subscriptions import conf, journal, terms
from oscar_subscriptions.fulfilment import grants, ledger, transfers
from oscar_subscriptions.loading import registered
from oscar_subscriptions.transactions import for_update, transactional

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Subscription, Term, User
    from oscar_subscriptions.querysets import TermQuerySet


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
        raise grants.NotGrantedError(_("The subscription is this member's already."))
    subscriptions = registered.Subscription.objects
    there, _is_new = subscriptions.of_member(to, subscription.plan)
    # Both rows, always in the same order: two handovers that cross each other do not deadlock.
    both = for_update(subscriptions.filter(pk__in=[subscription.pk, there.pk]).order_by("pk"))
    by_pk: dict[int, Subscription] = {one.pk: one for one in both}
    subscription, there = by_pk[subscription.pk], by_pk[there.pk]
    grants.check(there, reason)
    rest = list(
        subscription.terms.not_revoked().filter(ends_on__gte=conf.today()).order_by("starts_on")
    )
    if not rest:
        raise grants.NotGrantedError(_("Nothing is left of the subscription."))
    grants.check(subscription, reason)
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
            **grants.origin(actor, reason),
        )
        transfers.record_transfer(
            journal.HANDED_OVER, term, new, detail=names, reason=reason, actor=actor
        )
        granted.append(new)
    return granted


def handed_over(subscription: Subscription) -> TermQuerySet:
    """Return the terms of ``subscription`` whose days somebody else has now, by first day."""
    rows = registered.Term.objects.filter(
        subscription=subscription,
        went_as=registered.Term.HANDED_OVER,
        revoked_at__isnull=False,
        went_to__revoked_at__isnull=True,
    )
    return rows.select_related("went_to").order_by("starts_on", "pk")


@transactional
def take_back(subscription: Subscription, *, reason: str, actor: User) -> list[Term]:
    """Take a handover back: who received the days loses them, and ``subscription`` has its terms
    again, with their original days.

    Of several handovers, the last one.

    Args:
        subscription: the ``Subscription`` that was handed over.
        reason: why; kept in both journals.
        actor: the operator.

    Returns:
        The terms that count again.

    Raises:
        grants.NotGrantedError: nothing was handed over that could be taken back, the receiver has
            days behind those that they received, or the days were sold again.
    """
    last = handed_over(subscription).order_by("-revoked_at", "-pk").first()
    if last is None or last.went_to is None:
        raise grants.NotGrantedError(_("No handover of this subscription can be taken back."))
    there = last.went_to.subscription_id
    both = [subscription.pk, there]
    # Both rows, in the order in which a handover locks them.
    list(for_update(registered.Subscription.objects.filter(pk__in=both).order_by("pk")))
    gone = list(handed_over(subscription).filter(went_to__subscription=there))
    received = list(registered.Term.objects.filter(pk__in=[term.went_to_id for term in gone]))
    if not received:
        raise grants.NotGrantedError(_("No handover of this subscription can be taken back."))
    behind = registered.Term.objects.not_revoked().filter(
        subscription=there, starts_on__gt=max(term.ends_on for term in received)
    )
    if behind.exists():
        raise grants.NotGrantedError(
            _("The receiver has days behind those that were handed over: a gap would open.")
        )
    for term in received:
        ledger.revoke(term, reason=reason, actor=actor)
    for term in gone:
        ledger.restore(term, reason=reason, actor=actor)
        term.refresh_from_db()
        if term.revoked_at is not None:
            raise grants.NotGrantedError(
                _("These days were sold again since: %(term)s.") % {"term": term}
            )
    return gone


def _rest(term: Term) -> terms.Span:
    """Return the days of ``term`` from today on, counted from the same anchor."""
    first = max(term.starts_on, conf.today())
    return terms.Span(first, term.ends_on, term.covered_until, term.anchor)


def _behind(there: Subscription, term: Term) -> terms.Span:
    """Return as many days as are left of ``term``, directly after the terms of ``there``."""
    rest = _rest(term)
    left = (rest.ends_on - rest.starts_on).days + 1
    return terms.granted(conf.today(), left, term.grace_days, there.terms.not_revoked())


def _name(subscription: Subscription) -> str:
    return subscription.member_name or subscription.member_email

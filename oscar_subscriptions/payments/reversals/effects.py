"""Apply the refunds and disputes of an order to its term.

A term stands as long as one payment of its order stands. The effect of a payment's reversals is
kept on the attempt (``effect``), and only a *change* of their joint effect touches the term: the
next daily run does not overrule an operator's decision.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_noop

from oscar_subscriptions import alerts, conf, fulfilment, journal
from oscar_subscriptions.fulfilment import clawback_alerts
from oscar_subscriptions.fulfilment.ledger import is_operators_decision
from oscar_subscriptions.loading import registered, registered_payments
from oscar_subscriptions.payments.projections import oscar_payments
from oscar_subscriptions.payments.provider import money
from oscar_subscriptions.payments.reconciliation.provider_state import ReportedReversal
from oscar_subscriptions.payments.reversals import policy

if TYPE_CHECKING:
    from oscar_subscriptions.payments.models import Attempt, Reversal
    from oscar_subscriptions.protocols import Order, Term


def alert_key(attempt: Attempt) -> str:
    """Return the key of the alert that the money of ``attempt`` bought nothing."""
    return f"attempt-{attempt.pk}"


def apply_reversals(
    attempts: list[Attempt],
    attempt: Attempt,
    reported: list[ReportedReversal] | None,
    before: str,
) -> None:
    """Store the reported reversals and act on them. Needs the locks of ``reconcile``.

    Args:
        attempts: all of the order, in the order of their primary keys.
        attempt: one of them, paid or refused.
        reported: every refund and dispute of its payment; ``None`` if they were not asked for.
        before: ``effect_on(attempts)`` before this answer was applied.
    """
    assert transaction.get_connection().in_atomic_block
    if reported:
        keep_reversals(attempt, reported)
        oscar_payments.record_refunds(attempt, reported)
    rows = list(attempt.reversals.all())
    if not rows and before == policy.NONE:
        return
    order: Order = attempt.order
    effect = policy.assess(attempt.received or 0, rows, conf.settings)
    attempt.effect = effect.on_term
    attempt.save(update_fields=["effect"])
    if attempt.status == attempt.PAID:
        _carry_out(order, before, effect_on(attempts), rows)
    for one in reported or ():
        if one.kind == policy.DISPUTE:
            _tell_of_dispute(order, one)
    _tell(order, attempt, effect)
    _settle_alerts(order, attempts)


def effect_on(attempts: Iterable[Attempt]) -> str:
    """Return the joint effect of the reversals of an order on its term, as last applied: "",
    ``suspended`` or ``revoked``.

    Args:
        attempts: all of the order.
    """
    paid = [one for one in attempts if one.status == one.PAID]
    # With second payments only, the first was made elsewhere, by cheque for instance, and stands.
    if all(one.is_surplus for one in paid):
        return policy.NONE
    return min((one.effect for one in paid), key=policy.SEVERITY.index)


def may_fulfil(attempts: Iterable[Attempt], attempt: Attempt) -> bool:
    """Return whether ``attempt`` may give a term, by the reversals stored so far: an order must not
    be fulfilled with money that has gone back."""
    return effect_on(attempts) == policy.NONE and not has_gone_back(attempt)


def has_gone_back(attempt: Attempt) -> bool:
    """Return whether all money of ``attempt``, paid or refused, was refunded or lost."""
    rows = list(attempt.reversals.all())
    lost = sum(one.amount for one in rows if one.is_over and one.is_money_gone)
    gone = lost + policy.assess(attempt.received or 0, rows, conf.settings).refunded
    return 0 < (attempt.received or 0) <= gone


def keep_reversals(attempt: Attempt, reported: list[ReportedReversal] | None) -> None:
    """Store the ``reported`` reversals, and do nothing about them."""
    for one in reported or ():
        registered_payments.Reversal.objects.update_or_create(
            provider_id=one.provider_id,
            defaults={
                "attempt": attempt,
                "kind": one.kind,
                "status": one.status,
                "amount": one.amount,
                "currency": one.currency,
                "is_money_gone": one.is_money_gone,
                "reason": one.reason,
            },
        )
    if reported:
        attempt.refresh_from_db(fields=["reversals"])  # forgets those that were read before


def _carry_out(order: Order, before: str, after: str, rows: list[Reversal]) -> None:
    term = fulfilment.term_of(order)
    if term is None or before == after:
        return
    reason = ", ".join(f"{one.provider_id} {one.status}" for one in rows)[:255]
    # Days that another term has now are neither taken back nor restored here.
    if term.went_to_id is None:
        _change(order, term, before, after, reason)
    clawback_alerts.alert_if_unfunded(term, after, reason=reason)


def _change(order: Order, term: Term, before: str, after: str, reason: str) -> None:
    if after == policy.REVOKED:
        fulfilment.revoke(term, reason=reason)
        return
    if after == policy.SUSPENDED:
        fulfilment.suspend(term, reason=reason)
    elif term.suspended_at and _may_undo(order, term, journal.TERM_SUSPENDED, reason):
        fulfilment.resume(term, reason=reason)
    if before == policy.REVOKED and _may_undo(order, term, journal.TERM_REVOKED, reason):
        fulfilment.restore(term, reason=reason)


def _may_undo(order: Order, term: Term, kind: str, reason: str) -> bool:
    """Whether no operator made the decision ``kind`` too; if one did, raise an alert that the cause
    is gone."""
    if not is_operators_decision(term, kind):
        return True
    alerts.raise_alert(
        alerts.REVERSAL_ENDED,
        f"term-{term.pk}-{kind}",
        order=order,
        subscription=term.subscription,
        reason=reason,
        lasting=True,
    )
    return False


def _tell(order: Order, attempt: Attempt, effect: policy.Effect) -> None:
    """Raise an alert for each note, and close earlier alerts that no longer apply: of several
    partial refunds, only the sum waits for an operator."""
    term = fulfilment.term_of(order)
    notes = {f"{alert_key(attempt)}-{key}"[:128]: words for key, words in effect.notes.items()}
    told = registered.Alert.objects.open().filter(
        order=order, kind=alerts.REVERSAL, key__startswith=f"{alert_key(attempt)}-"
    )
    for key in told.exclude(key__in=notes).values_list("key", flat=True):
        alerts.settle(key, gettext_noop("The provider has reported something else since."))
    for key, words in notes.items():
        alerts.raise_alert(
            alerts.REVERSAL,
            key,
            order=order,
            subscription=term.subscription if term is not None else None,
            detail={} if words else {"lines": [_amounts(attempt, effect)]},
            reason=words,
        )


def _tell_of_dispute(order: Order, dispute: ReportedReversal) -> None:
    """Alert operators to a dispute that waits for the shop's answer, whatever it does to the
    term."""
    key = f"dispute-{dispute.provider_id}"[:128]
    if dispute.status not in policy.UNANSWERED:
        alerts.settle(key, gettext_noop("The dispute was answered, or is over."))
        return
    term = fulfilment.term_of(order)
    alerts.raise_alert(
        alerts.DISPUTE,
        key,
        order=order,
        subscription=term.subscription if term is not None else None,
        detail={"day": alerts.day(dispute.evidence_due)},
        reason=f"{dispute.provider_id}: {dispute.reason}",
    )


def _amounts(attempt: Attempt, effect: policy.Effect) -> dict[str, object]:
    refunded, received = (
        alerts.money(money.major_units(units, attempt.currency), attempt.currency)
        for units in (effect.refunded, attempt.received or 0)
    )
    return alerts.line("refunded", refunded=refunded, received=received)


def _settle_alerts(order: Order, attempts: list[Attempt]) -> None:
    """Close alerts about money that has gone back, and reopen them if it returns."""
    attempts = [one for one in attempts if one.received is not None]
    standing = [one for one in attempts if not has_gone_back(one)]
    note = gettext_noop("The money has gone back.")
    first_is_gone = any(
        one.status == one.PAID and not one.is_surplus for one in attempts if one not in standing
    )
    for attempt in attempts:
        # The second payment of an order replaces a first payment that has gone back.
        replaces_first = attempt.is_surplus and first_is_gone and len(standing) == 1
        if attempt not in standing or replaces_first:
            alerts.settle(alert_key(attempt), note)
        else:
            alerts.reopen(alert_key(attempt))
    if not standing:
        alerts.settle(fulfilment.refusal_key(order), note)
    elif fulfilment.term_of(order) is None:
        alerts.reopen(fulfilment.refusal_key(order))

"""Bring one attempt in line with what the provider knows: for webhook, browser and daily run.

The provider is asked with no lock held; then the answer is applied in one transaction, whose locks
are taken in this order: subscription, order, attempt, terms. Any number of processes may ask at
once: questions are numbered, and an answer to an older question than the last one applied is thrown
away. Reconciling again changes nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment, journal
from oscar_subscriptions.fulfilment import paid_order
from oscar_subscriptions.payments.payment_methods import stored
from oscar_subscriptions.payments.projections import order_status, oscar_payments
from oscar_subscriptions.payments.provider import client, fields, key_alert
from oscar_subscriptions.payments.reconciliation import provider_state, verdict
from oscar_subscriptions.payments.reconciliation.provider_state import ProviderState
from oscar_subscriptions.payments.reversals import effects, second_payment
from oscar_subscriptions.transactions import after_commit, locked, transactional

if TYPE_CHECKING:
    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.protocols import Order, Subscription

logger = logging.getLogger(__name__)

# Stripe closes a session within 24 hours; the rest allows for clocks that differ.
LONGEST_LIFE = timedelta(hours=25)
# An event that arrives while the provider is being asked makes us ask again, this many times at
# most; the next run does the rest.
ROUNDS = 3


def reconcile(attempt: Attempt) -> Attempt:
    """Ask the provider about ``attempt`` and act on the answer. Called outside any transaction.

    Args:
        attempt: left alone if it never reached the provider.

    Returns:
        The attempt, read again; another process may have changed it.

    Raises:
        client.ProviderUnavailableError: no answer; nothing changed.
    """
    for _round in range(ROUNDS if attempt.provider_id else 0):
        attempt = _ask_and_apply(attempt)
        if not attempt.is_due:
            break
    return _fresh(attempt)


def _ask_and_apply(attempt: Attempt) -> Attempt:
    type(attempt).objects.filter(pk=attempt.pk).mark_due()
    attempt, asked_at = _fresh(attempt), timezone.now()
    # An earlier question, an event's for instance, has no answer yet.
    is_urged = attempt.asked > attempt.answered + 1
    thorough = is_urged or attempt.reversals.exists()
    answer = provider_state.fetch(attempt, thorough=thorough)
    _apply(attempt, answer, asked_at)
    attempt = _fresh(attempt)
    second_payment.refund_second_payment(attempt)
    return attempt


def _fresh(attempt: Attempt) -> Attempt:
    return type(attempt).objects.select_related("order").get(pk=attempt.pk)


@transactional
def _apply(seen: Attempt, answer: ProviderState, asked_at: datetime) -> None:
    """Write ``answer``, unless that to a newer question was applied.

    Args:
        seen: the attempt as it was when the provider was asked; ``asked`` is the number of the
            question. The attempt stays due if an event has arrived since.
    """
    paid = paid_order.lock(seen.order)
    subscription = None if paid is None else paid.subscription
    order: Order = locked(get_model("order", "Order"), seen.order_id)
    attempt: Attempt = locked(type(seen), seen.pk)
    if _is_older(seen, attempt):
        logger.info("An older answer about attempt %s is thrown away", attempt.pk)
        return
    key_alert.key_accepted()
    before = effects.effect_on(order)
    attempt.answered, attempt.reconciled_at = seen.asked, asked_at
    result = _judge(answer.session_or_intent, attempt, asked_at)
    if attempt.status not in attempt.SETTLED:
        _settle(attempt, result, answer.session_or_intent, subscription)
    attempt.save()
    if attempt.status == attempt.PAID and effects.may_fulfil(order, attempt):
        _fulfil(paid, attempt)
    if attempt.status in attempt.SETTLED:
        effects.apply_reversals(order, attempt, answer.reversals, before)
    if second_payment.is_to_be_refunded(attempt):
        type(attempt).objects.filter(pk=attempt.pk).mark_due()  # to see the refund


def _is_older(seen: Attempt, attempt: Attempt) -> bool:
    """Whether the answer to a newer question than that about ``seen`` was applied. Its answer was
    fetched after that question was put, and so tells everything that led to the older one."""
    return seen.asked <= attempt.answered


def _judge(
    thing: fields.ProviderObject | None, attempt: Attempt, asked_at: datetime
) -> verdict.Verdict:
    if not thing:
        return _unknown(attempt, asked_at)
    judge = verdict.verdict_on_intent if attempt.is_off_session else verdict.verdict_on_session
    return judge(thing, attempt)


def _unknown(attempt: Attempt, asked_at: datetime) -> verdict.Verdict:
    """An attempt that the provider does not know is not paid. It never will be once it is old, or
    if it is of the other mode: it expires, and the member can pay again."""
    is_over = attempt.created_at < asked_at - LONGEST_LIFE
    if is_over or attempt.livemode != client.is_livemode():
        logger.error("The provider does not know %s any more", attempt.provider_id)
        return verdict.Verdict(verdict.EXPIRED)
    return verdict.Verdict(verdict.OPEN)


def _settle(
    attempt: Attempt,
    result: verdict.Verdict,
    thing: fields.ProviderObject | None,
    subscription: Subscription | None,
) -> None:
    if result.status == verdict.EXPIRED and attempt.status == attempt.OPEN:
        attempt.status = attempt.EXPIRED
        attempt.problem = result.problem[:255] or attempt.problem
    elif result.status == verdict.PENDING:
        attempt.url = ""  # the member is done with the page
    elif result.status == verdict.REFUSED:
        attempt.status, attempt.problem = attempt.REFUSED, result.problem[:255]
        _keep(attempt, thing)
        _report(alerts.PAYMENT_MISMATCH, attempt, subscription)
    elif result.status == verdict.PAID:
        attempt.status = attempt.PAID
        _keep(attempt, thing)
        others = attempt.order.subscription_attempts.filter(status=attempt.PAID)
        # With a term and no other paid attempt, staff had marked the order as paid.
        if others.exclude(pk=attempt.pk).exists() or fulfilment.term_of(attempt.order):
            attempt.is_surplus = True
            attempt.problem = _("The order was paid a second time.")
            _report(alerts.SECOND_PAYMENT, attempt, subscription)
        oscar_payments.record_payment(attempt)
        # A shop's receiver of the status change may raise; it must not undo the payment.
        after_commit(order_status.show_paid, attempt.order_id)


def _keep(attempt: Attempt, thing: fields.ProviderObject | None) -> None:
    """Keep the ids of the payment, the amount collected, and the payment method."""
    intent: object = thing
    if attempt.is_off_session:
        attempt.received = fields.amount(thing, "amount_received") or 0
        attempt.payment_intent_id = fields.id_of({"payment_intent": thing}, "payment_intent")
    else:
        attempt.received = fields.amount(thing, "amount_total") or 0
        intent = fields.get(thing, "payment_intent")
        attempt.payment_intent_id = fields.id_of(thing, "payment_intent")
    attempt.charge_id = fields.id_of(intent, "latest_charge")
    if attempt.keeps_payment_method:
        stored.keep_payment_method(attempt, intent)


def _fulfil(paid: paid_order.PaidOrder | None, attempt: Attempt) -> None:
    if paid is not None:
        paid_order.fulfil(paid)
        return
    attempt.problem = _("The order holds no plan.")
    attempt.save(update_fields=["problem"])
    _report(alerts.PAYMENT_MISMATCH, attempt, None)


def _report(kind: str, attempt: Attempt, subscription: Subscription | None) -> None:
    order = attempt.order
    is_news = alerts.raise_alert(
        kind,
        effects.alert_key(attempt),
        order=order,
        subscription=subscription,
        reason=f"{attempt.problem} {attempt.provider_id}",
    )
    if is_news and subscription is not None:
        detail = {"order": order.number, "session": attempt.provider_id}
        journal.record(subscription, journal.PAYMENT_REFUSED, detail=detail, reason=attempt.problem)

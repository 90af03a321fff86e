"""What the provider's answer says about money, written on the attempt."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from oscar_subscriptions import alerts, fulfilment, journal
from oscar_subscriptions.payments.payment_methods import stored
from oscar_subscriptions.payments.projections import order_status
from oscar_subscriptions.payments.provider import client, fields, money
from oscar_subscriptions.payments.reconciliation import verdict
from oscar_subscriptions.payments.reversals import effects
from oscar_subscriptions.transactions import after_commit

if TYPE_CHECKING:
    from oscar_subscriptions.fulfilment.orders import PaidOrder
    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.protocols import Subscription

logger = logging.getLogger(__name__)

# Stripe closes a session within 24 hours; the rest allows for clocks that differ.
LONGEST_LIFE = timedelta(hours=25)


def judge(
    thing: fields.ProviderObject | None, attempt: Attempt, asked_at: datetime
) -> verdict.Verdict:
    """Return the verdict on the provider's session or payment ``thing`` of ``attempt``.

    Args:
        thing: ``None`` if the provider does not know it.
        asked_at: when the provider was asked.
    """
    if not thing:
        return _unknown(attempt, asked_at)
    verdict_on = verdict.verdict_on_intent if attempt.is_off_session else verdict.verdict_on_session
    return verdict_on(thing, attempt)


def _unknown(attempt: Attempt, asked_at: datetime) -> verdict.Verdict:
    """An attempt that the provider does not know is not paid. It never will be once it is old, or
    if it is of the other mode: it expires, and the member can pay again."""
    is_over = attempt.created_at < asked_at - LONGEST_LIFE
    if is_over or attempt.livemode != client.is_livemode():
        logger.error("The provider does not know %s any more", attempt.provider_id)
        return verdict.Verdict(verdict.EXPIRED)
    return verdict.Verdict(verdict.OPEN)


def settle(
    attempt: Attempt,
    result: verdict.Verdict,
    thing: fields.ProviderObject | None,
    attempts: Iterable[Attempt],
    paid: PaidOrder | None,
) -> None:
    """Write ``result`` on ``attempt``, which is neither paid nor refused yet, without saving it.

    Args:
        thing: what was judged.
        attempts: all of the order.
        paid: the order, locked; ``None`` if it holds no plan.
    """
    subscription = None if paid is None else paid.subscription
    attempt.is_followed_up = False
    if result.status == verdict.EXPIRED and attempt.status == attempt.OPEN:
        attempt.status = attempt.EXPIRED
        attempt.problem = result.problem[:255] or attempt.problem
    elif result.status == verdict.PENDING:
        attempt.url = ""  # the member is done with the page
    elif result.status == verdict.REFUSED:
        attempt.status, attempt.problem = attempt.REFUSED, result.problem[:255]
        _keep(attempt, thing)
        report(alerts.PAYMENT_MISMATCH, attempt, subscription)
    elif result.status == verdict.PAID:
        attempt.status = attempt.PAID
        _keep(attempt, thing)
        others = [one for one in attempts if one.status == one.PAID and one.pk != attempt.pk]
        term = fulfilment.term_of(attempt.order) if paid is None else paid.term
        # With a term and no other paid attempt, staff had marked the order as paid.
        if others or term:
            attempt.is_surplus = True
            attempt.problem = _("The order was paid a second time.")
            report(alerts.SECOND_PAYMENT, attempt, subscription)
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


def report(
    kind: str,
    attempt: Attempt,
    subscription: Subscription | None,
    lines: Sequence[dict[str, object]] = (),
) -> None:
    """Raise an alert that the money of ``attempt`` gives nothing.

    Args:
        lines: why, as facts; by default the difference to what the provider says.
    """
    order = attempt.order
    expected, received = (
        alerts.money(money.major_units(units, attempt.currency), attempt.currency)
        for units in (attempt.amount, attempt.received or 0)
    )
    amounts = {"expected": expected, "received": received, "payment": attempt.provider_id}
    is_news = alerts.raise_alert(
        kind,
        effects.alert_key(attempt),
        order=order,
        subscription=subscription,
        detail={"lines": [*lines, alerts.line("arrived", **amounts)]},
        reason=attempt.problem if kind == alerts.PAYMENT_MISMATCH and not lines else "",
    )
    if is_news and subscription is not None:
        detail = {"order": order.number, "session": attempt.provider_id}
        journal.record(subscription, journal.PAYMENT_REFUSED, detail=detail, reason=attempt.problem)

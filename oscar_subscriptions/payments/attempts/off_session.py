"""Charge a member who is absent.

In three steps, so that the charge can be stopped until the last moment and never runs twice::

    create a payment      unconfirmed, no money moves; its id is written to the attempt
    ask ``is_wanted``     under the lock that is also taken to stop the charge
    confirm the payment   the provider charges a payment at most once, and a cancelled one never

Stopping during the last step cancels the payment at the provider: the provider either refuses the
confirmation, or had charged before. A refused payment is cancelled too; the next try is another
attempt.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from oscar_subscriptions import gateway
from oscar_subscriptions.payments.payment_methods import stored
from oscar_subscriptions.payments.provider import client, intents
from oscar_subscriptions.payments.reconciliation import matching, verdict
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile

if TYPE_CHECKING:
    from stripe import PaymentIntent
    from stripe.params import PaymentIntentCreateParams

    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.protocols import Order

logger = logging.getLogger(__name__)

UNCONFIRMED = "requires_confirmation"
REFUSED = ("requires_payment_method", "requires_action")


def charge_order(order: Order, is_wanted: Callable[[], bool]) -> gateway.Charge:
    """Charge the newest off-session attempt of ``order``, or return what became of it.

    See ``gateway.Gateway.charge``.

    Raises:
        client.ProviderUnavailableError: no answer; call again.
    """
    attempt = order.subscription_attempts.filter(kind="off-session").order_by("-pk").first()
    if attempt is None:
        return gateway.Charge(gateway.GIVEN_UP)
    if attempt.status == attempt.OPEN:
        _ask_the_bank(_fresh(attempt), is_wanted)
        attempt = reconcile(_fresh(attempt))
    return _in_words_of_the_gateway(attempt)


def close_order(attempt: Attempt) -> Attempt:
    """Make sure that ``attempt`` is not charged from now on.

    Called outside any transaction.

    Returns:
        The attempt, read again: paid if it had been charged before; open while the bank has not
        answered.

    Raises:
        client.ProviderUnavailableError: no answer; nothing changed.
    """
    if _close_unknown(attempt):
        return _fresh(attempt)
    attempt = _fresh(attempt)
    if not attempt.payment_intent_id:
        return attempt  # closed meanwhile
    _cancel(attempt, intents.fetch_intent(attempt.payment_intent_id))
    reconcile(attempt)
    return _fresh(attempt)


def _ask_the_bank(attempt: Attempt, is_wanted: Callable[[], bool]) -> None:
    intent = _payment(attempt)
    if intent is None:
        return
    if intent.status == UNCONFIRMED:
        _update_customer(attempt)
        if is_wanted():
            _confirm(attempt, intent.id)
            intent = intents.fetch_intent(intent.id) or intent
        else:
            _cancel(attempt, intent)
    if intent.status in REFUSED:
        _cancel(attempt, intent)


def _cancel(attempt: Attempt, intent: PaymentIntent | None) -> None:
    """Cancel the payment of ``attempt``; what the bank said is kept before, because Stripe clears
    it.

    Args:
        intent: fetched now; ``None`` if Stripe does not know it.
    """
    if intent is None:
        return
    if intent.status in REFUSED:
        _keep_problem(attempt, verdict.refusal(intent))
    intents.cancel_intent(intent.id)


def _keep_problem(attempt: Attempt, problem: str) -> None:
    rows = type(attempt).objects.filter(pk=attempt.pk, status=attempt.OPEN)
    rows.update(problem=problem[:255])


def _update_customer(attempt: Attempt) -> None:
    """Tell Stripe the member's present address, where it sends its own notices."""
    kept = stored.chargeable(attempt.order.user)
    if kept is not None:
        with suppress(client.CustomerUnknownError):  # the bank can't be asked either, and says so
            stored.update_email(kept)


def _payment(attempt: Attempt) -> PaymentIntent | None:
    """The payment of ``attempt``, created if missing; ``None`` if it can't or must not be."""
    if attempt.payment_intent_id:
        return intents.fetch_intent(attempt.payment_intent_id)
    if attempt.livemode != client.is_livemode():
        # Begun with a key of the other mode: a payment with this key would not match. No bank was
        # asked; the next try begins an attempt of this mode.
        logger.warning("Attempt %s is of the other mode, and is given up", attempt.pk)
        _close_unknown(attempt)
        return None
    kept = stored.chargeable(attempt.order.user)
    if kept is None:
        _close_unknown(attempt, _("No payment method is kept."))
        return None
    params: PaymentIntentCreateParams = {
        "amount": attempt.amount,
        "currency": attempt.currency.lower(),
        "customer": kept.customer_id,
        "payment_method": kept.payment_method_id,
        # The member can't be redirected. By default Stripe assumes so, and refuses to confirm
        # without a return address.
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        "metadata": matching.about(attempt),
        "description": attempt.order.number,
    }
    try:
        # After a lost answer and a change of card, another payment is made with the new card; the
        # first stays unconfirmed, and no money moves.
        intent = client.create_once(
            lambda key: intents.create_intent(params, key), str(attempt.reference)
        )
    except client.RequestRefusedError as refusal:  # the card is gone, for instance
        _close_unknown(attempt, str(refusal))
        return None
    rows = type(attempt).objects.filter(pk=attempt.pk)
    unknown = rows.filter(status=attempt.OPEN, payment_intent_id="")
    if not unknown.update(payment_intent_id=intent.id):
        # Closed meanwhile, or another process was faster; only the stored payment is confirmed.
        if rows.get().payment_intent_id != intent.id:
            intents.cancel_intent(intent.id)
        return None
    return intent


def _confirm(attempt: Attempt, intent_id: str) -> None:
    try:
        intents.confirm_intent(intent_id, f"{attempt.reference}-confirm")
    except client.RequestRefusedError as refusal:
        logger.warning("Payment %s can't be confirmed: %s", intent_id, refusal)
        _keep_problem(attempt, str(refusal))
        intents.cancel_intent(intent_id)


def _close_unknown(attempt: Attempt, problem: str = "") -> bool:
    """Close an attempt that the provider does not know; ``False`` if it does."""
    rows = type(attempt).objects.filter(pk=attempt.pk, status=attempt.OPEN, payment_intent_id="")
    return bool(rows.update(status=attempt.EXPIRED, problem=problem[:255]))


def _in_words_of_the_gateway(attempt: Attempt) -> gateway.Charge:
    # An attempt is refused when money has arrived and does not match, not by the bank: an operator
    # decides, and the member is neither blamed nor charged again.
    if attempt.status in (attempt.OPEN, attempt.REFUSED):
        return gateway.Charge(gateway.PENDING)
    if attempt.status == attempt.PAID:
        return gateway.Charge(gateway.PAID)
    if attempt.problem:
        return gateway.Charge(gateway.REFUSED, attempt.problem)
    return gateway.Charge(gateway.GIVEN_UP)


def _fresh(attempt: Attempt) -> Attempt:
    return type(attempt).objects.select_related("order__user").get(pk=attempt.pk)

"""Charge a member who is not there.

In three steps, so that a "no" always comes in time and nothing is ever charged twice::

    make the payment      unconfirmed, no money moves; its id is written to the attempt
    ask whether it is     under the lock that whoever says no has to take
    confirm that payment  the provider charges one payment once at most, and a cancelled one never

Whoever says no while the last step is under way cancels the payment at the provider: either the
confirmation comes too late, or it had been charged before. A refused payment is cancelled as well;
the next try is another attempt.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from oscar_subscriptions import gateway
from oscar_subscriptions.payments.payment_methods import stored
from oscar_subscriptions.payments.provider import client, intents
from oscar_subscriptions.payments.reconciliation import lease, matching
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile

logger = logging.getLogger(__name__)

UNCONFIRMED = "requires_confirmation"
REFUSED = ("requires_payment_method", "requires_action")


def charge(order: Any, is_wanted: Callable[[], bool]) -> gateway.Charge:
    """Charge the newest off-session attempt of ``order``, or say what became of it.

    See ``gateway.Gateway.charge``.

    Raises:
        provider.ProviderUnavailableError: no answer; call again.
    """
    attempt = order.subscription_attempts.filter(kind="off-session").order_by("-pk").first()
    if attempt is None:
        return gateway.Charge(gateway.GIVEN_UP)
    if attempt.status == attempt.OPEN:
        try:
            with lease.held(order.pk, wait=False):
                _ask_the_bank(_fresh(attempt), is_wanted)
        except lease.BusyError:
            return gateway.Charge(gateway.PENDING)  # another process is at it
        attempt = reconcile(_fresh(attempt))
    return _in_words_of_the_gateway(attempt)


def close(attempt: Any) -> Any:
    """See to it that ``attempt`` is not charged any more.

    Returns:
        The attempt, fresh: paid, if it had been charged before; open, while its bank has not
        answered.

    Raises:
        provider.ProviderUnavailableError: no answer; nothing changed.
    """
    if not _close_unknown(attempt):
        attempt = _fresh(attempt)
        intents.cancel_intent(attempt.payment_intent_id)
        reconcile(attempt)
    return _fresh(attempt)


def _ask_the_bank(attempt: Any, is_wanted: Callable[[], bool]) -> None:
    if attempt.status != attempt.OPEN:
        return
    intent = _payment(attempt)
    if intent is None:
        return
    if intent["status"] == UNCONFIRMED:
        if is_wanted():
            _confirm(attempt, intent["id"])
            intent = intents.fetch_intent(intent["id"]) or intent
        else:
            intents.cancel_intent(intent["id"])
    if intent["status"] in REFUSED:
        intents.cancel_intent(intent["id"])


def _payment(attempt: Any) -> Any | None:
    """The payment of ``attempt``, made now if need be; ``None`` if it can't or must not be."""
    if attempt.payment_intent_id:
        return intents.fetch_intent(attempt.payment_intent_id)
    if attempt.livemode != client.is_livemode():
        # Begun with a key of the other mode: what is paid with this one would not match. No bank
        # was asked; the next try begins an attempt of this mode.
        logger.warning("Attempt %s is of the other mode, and is given up", attempt.pk)
        _close_unknown(attempt)
        return None
    kept = stored.chargeable(attempt.order.user)
    if kept is None:
        _close_unknown(attempt, _("No payment method is kept."))
        return None
    params = {
        "amount": attempt.amount,
        "currency": attempt.currency.lower(),
        "customer": kept.customer_id,
        "payment_method": kept.payment_method_id,
        # Nobody is there to be led to another page. Not told so, Stripe counts on it, and confirms
        # nothing without an address to come back to.
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        "metadata": matching.about(attempt),
        "description": attempt.order.number,
    }
    try:
        intent = intents.create_intent(params, str(attempt.reference))
    except client.RequestRefusedError as refusal:  # such as a card that is no longer there
        _close_unknown(attempt, str(refusal))
        return None
    rows = type(attempt).objects.filter(pk=attempt.pk)
    unknown = rows.filter(status=attempt.OPEN, payment_intent_id="")
    if not unknown.update(payment_intent_id=intent["id"]):
        # Given up meanwhile, or another process was faster; only what is written is confirmed.
        if rows.get().payment_intent_id != intent["id"]:
            intents.cancel_intent(intent["id"])
        return None
    return intent


def _confirm(attempt: Any, intent_id: str) -> None:
    try:
        intents.confirm_intent(intent_id, f"{attempt.reference}-confirm")
    except client.RequestRefusedError as refusal:
        logger.warning("Payment %s can't be confirmed: %s", intent_id, refusal)
        rows = type(attempt).objects.filter(pk=attempt.pk, status=attempt.OPEN)
        rows.update(problem=str(refusal)[:255])
        intents.cancel_intent(intent_id)


def _close_unknown(attempt: Any, problem: str = "") -> bool:
    """Close an attempt that the provider knows nothing of; ``False`` if it does."""
    rows = type(attempt).objects.filter(pk=attempt.pk, status=attempt.OPEN, payment_intent_id="")
    return bool(rows.update(status=attempt.EXPIRED, problem=problem[:255]))


def _in_words_of_the_gateway(attempt: Any) -> gateway.Charge:
    # Refused is said of money that has arrived and does not match, not of the bank: an operator
    # decides on it, and the member is neither blamed nor charged again.
    if attempt.status in (attempt.OPEN, attempt.REFUSED):
        return gateway.Charge(gateway.PENDING)
    if attempt.status == attempt.PAID:
        return gateway.Charge(gateway.PAID)
    if attempt.problem:
        return gateway.Charge(gateway.REFUSED, attempt.problem)
    return gateway.Charge(gateway.GIVEN_UP)


def _fresh(attempt: Any) -> Any:
    return type(attempt).objects.select_related("order__user").get(pk=attempt.pk)

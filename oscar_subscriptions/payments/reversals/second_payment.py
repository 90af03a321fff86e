"""The second payment of an order, given back at once where the shop wants this."""

import logging
from typing import Any

from oscar_subscriptions import conf
from oscar_subscriptions.payments.provider import client, refunds

logger = logging.getLogger(__name__)


def is_to_be_refunded(attempt: Any) -> bool:
    """Tell whether the money of ``attempt`` bought nothing and nobody has begun to return it."""
    return (
        conf.settings.REFUND_SECOND_PAYMENT
        and attempt.is_surplus
        and attempt.status == attempt.PAID
        and bool(attempt.payment_intent_id)
        and not attempt.reversals.exists()
    )


def refund_second_payment(attempt: Any) -> None:
    """Refund ``attempt`` if it is to be given back; the next look at it finds the refund.

    Raises:
        ProviderUnavailableError: no answer; the attempt stays due, and the next run asks again.
    """
    if not is_to_be_refunded(attempt):
        return
    try:
        refunds.refund(attempt.payment_intent_id, f"refund-{attempt.reference}")
    except client.RequestRefusedError:  # disputed meanwhile, say; the alert stays for an operator
        logger.exception("Second payment %s not refunded", attempt.payment_intent_id)

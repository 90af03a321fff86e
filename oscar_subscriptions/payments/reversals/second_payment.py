"""Refund the second payment of an order at once, where the shop wants this."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from oscar_subscriptions import conf
from oscar_subscriptions.payments.provider import client, refunds

if TYPE_CHECKING:
    from oscar_subscriptions.payments.models import Attempt

logger = logging.getLogger(__name__)


def is_to_be_refunded(attempt: Attempt) -> bool:
    """Return whether ``attempt`` is a second payment that nobody has begun to refund."""
    return (
        bool(conf.settings.REFUND_SECOND_PAYMENT)
        and attempt.is_surplus
        and attempt.status == attempt.PAID
        and bool(attempt.payment_intent_id)
        and not attempt.reversals.exists()
    )


def refund_second_payment(attempt: Attempt) -> None:
    """Refund ``attempt`` if it is to be refunded; reconciling it again finds the refund.

    Raises:
        ProviderUnavailableError: no answer; the attempt stays due, and the next run asks again.
    """
    if not is_to_be_refunded(attempt):
        return
    try:
        refunds.refund(attempt.payment_intent_id, f"refund-{attempt.reference}")
    except client.RequestRefusedError:  # disputed meanwhile, for instance; its alert stays open
        logger.exception("Second payment %s not refunded", attempt.payment_intent_id)

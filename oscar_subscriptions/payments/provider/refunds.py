"""Refunds and disputes of a payment."""

from typing import Any

from oscar_subscriptions.payments.provider import client


def fetch_reversals(payment_intent_id: str) -> list[Any]:
    """Return all refunds and disputes of a payment as they are now.

    Raises:
        ProviderUnavailableError: no answer.
    """
    about: Any = {"payment_intent": payment_intent_id, "limit": 100}
    try:
        with client.errors():
            stripe_v1 = client.connect().v1
            refunds = stripe_v1.refunds.list(about).auto_paging_iter()
            return [*refunds, *stripe_v1.disputes.list(about).auto_paging_iter()]
    except client.RequestRefusedError as refusal:
        raise client.ProviderUnavailableError(str(refusal)) from refusal


def refund(payment_intent_id: str, idempotency_key: str) -> None:
    """Give a whole payment back; asked twice with one key, it is given back once.

    Raises:
        ProviderUnavailableError: no answer; ask with the same key again.
        RequestRefusedError: there is nothing to give back.
    """
    with client.errors():
        client.connect().v1.refunds.create(
            params={"payment_intent": payment_intent_id, "reason": "duplicate"},
            options={"idempotency_key": idempotency_key},
        )

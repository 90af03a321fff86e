"""PaymentIntents: payments that are charged while the member is absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscar_subscriptions.payments.provider import client

if TYPE_CHECKING:
    from stripe import PaymentIntent
    from stripe.params import PaymentIntentCreateParams


def create_intent(params: PaymentIntentCreateParams, idempotency_key: str) -> PaymentIntent:
    """Create an unconfirmed payment: no money moves.

    Raises the same as ``sessions.create_session``.
    """
    with client.errors():
        return client.connect().v1.payment_intents.create(
            params=params,
            options={"idempotency_key": idempotency_key},
        )


def confirm_intent(intent_id: str, idempotency_key: str) -> None:
    """Charge a payment once, while the member is absent; fetch it to know what the bank said.

    Raises:
        ProviderUnavailableError: no answer; it may have been charged.
        RequestRefusedError: it can't be charged; it is cancelled, for instance.
    """
    try:
        with client.errors():
            client.connect().v1.payment_intents.confirm(
                intent_id,
                params={"off_session": True},
                options={"idempotency_key": idempotency_key},
            )
    except client.BankRefusedError:
        pass


def fetch_intent(intent_id: str) -> PaymentIntent | None:
    """Return the payment with its charge, fetched now; ``None`` if Stripe does not know it.

    Raises:
        ProviderUnavailableError: no answer.
    """
    try:
        with client.errors():
            return client.connect().v1.payment_intents.retrieve(
                intent_id, params={"expand": ["latest_charge"]}
            )
    except client.RequestRefusedError as refusal:
        if refusal.is_missing:
            return None
        raise client.ProviderUnavailableError(str(refusal)) from refusal


def cancel_intent(intent_id: str) -> None:
    """Cancel a payment so that it can't be charged; a payment that is over stays as it is.

    Raises:
        ProviderUnavailableError: no answer.
    """
    try:
        with client.errors():
            client.connect().v1.payment_intents.cancel(intent_id)
    except client.RequestRefusedError:
        pass  # charged or cancelled already: the next fetch tells which

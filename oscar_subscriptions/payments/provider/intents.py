"""PaymentIntents: payments that are charged while the member is not there."""

from typing import Any

from oscar_subscriptions.payments.provider import client


def create_intent(params: dict[str, Any], idempotency_key: str) -> Any:
    """Create a payment that nobody has confirmed: no money moves. As :func:`create_session`."""
    with client.errors():
        return client.connect().v1.payment_intents.create(
            params=params,  # type: ignore[arg-type]
            options={"idempotency_key": idempotency_key},
        )


def confirm_intent(intent_id: str, idempotency_key: str) -> None:
    """Charge a payment while the member is not there, once; what the bank said is read from it.

    Raises:
        ProviderUnavailableError: no answer; it may have been charged.
        RequestRefusedError: it can't be charged, such as one that is cancelled.
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


def fetch_intent(intent_id: str) -> Any | None:
    """Return the payment as it is now, with its charge, or ``None`` if Stripe knows none.

    Raises:
        ProviderUnavailableError: no answer.
    """
    try:
        with client.errors():
            return client.connect().v1.payment_intents.retrieve(
                intent_id, params={"expand": ["latest_charge"]}
            )
    except client.RequestRefusedError as refusal:
        if getattr(refusal.__cause__, "code", None) == "resource_missing":
            return None
        raise client.ProviderUnavailableError(str(refusal)) from refusal


def cancel_intent(intent_id: str) -> None:
    """End a payment so that it can't be charged any more; one that is over stays as it is.

    Raises:
        ProviderUnavailableError: no answer.
    """
    try:
        with client.errors():
            client.connect().v1.payment_intents.cancel(intent_id)
    except client.RequestRefusedError:
        pass  # charged, or cancelled already: whoever asks next reads which

"""Customers: who keeps a payment method at the provider."""

from typing import Any

from oscar_subscriptions.payments.provider import client


def create_customer(params: dict[str, Any], idempotency_key: str) -> Any:
    """Create a customer; as :func:`create_session`."""
    with client.errors():
        return client.connect().v1.customers.create(
            params=params,  # type: ignore[arg-type]
            options={"idempotency_key": idempotency_key},
        )


def delete_customer(customer_id: str) -> None:
    """Delete a customer and what is saved with it; one that is gone already stays so.

    Raises:
        ProviderUnavailableError: no answer; it may have been deleted.
    """
    try:
        with client.errors():
            client.connect().v1.customers.delete(customer_id)
    except client.RequestRefusedError as refusal:
        if getattr(refusal.__cause__, "code", None) != "resource_missing":
            raise client.ProviderUnavailableError(str(refusal)) from refusal

"""Customers: the provider's records of members with a payment method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscar_subscriptions.payments.provider import client

if TYPE_CHECKING:
    from stripe import Customer
    from stripe.params import CustomerCreateParams


def create_customer(params: CustomerCreateParams, idempotency_key: str) -> Customer:
    """Create a customer; raises the same as ``sessions.create_session``."""
    with client.errors():
        return client.connect().v1.customers.create(
            params=params,
            options={"idempotency_key": idempotency_key},
        )


def delete_customer(customer_id: str) -> None:
    """Delete a customer and its payment methods; deleting it twice is no error.

    Raises:
        ProviderUnavailableError: no answer; it may have been deleted.
    """
    try:
        with client.errors():
            client.connect().v1.customers.delete(customer_id)
    except client.RequestRefusedError as refusal:
        if getattr(refusal.__cause__, "code", None) != "resource_missing":
            raise client.ProviderUnavailableError(str(refusal)) from refusal

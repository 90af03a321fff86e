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


def set_email(customer_id: str, email: str) -> None:
    """Give a customer the address ``email``; "" removes it.

    Raises:
        ProviderUnavailableError: no answer; ask again.
        CustomerUnknownError: the customer is gone.
        RequestRefusedError: the address is not accepted.
    """
    try:
        with client.errors():
            client.connect().v1.customers.update(customer_id, {"email": email})
    except client.RequestRefusedError as refusal:
        if refusal.is_missing:
            raise client.CustomerUnknownError(str(refusal), refusal.param) from refusal
        raise


def delete_customer(customer_id: str) -> None:
    """Delete a customer and its payment methods; deleting it twice is no error.

    Raises:
        ProviderUnavailableError: no answer; it may have been deleted.
    """
    try:
        with client.errors():
            client.connect().v1.customers.delete(customer_id)
    except client.RequestRefusedError as refusal:
        if not refusal.is_missing:
            raise client.ProviderUnavailableError(str(refusal)) from refusal

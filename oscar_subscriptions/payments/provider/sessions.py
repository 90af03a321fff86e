"""Checkout Sessions: the provider's hosted pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from oscar_subscriptions.payments.provider import client

if TYPE_CHECKING:
    from stripe.checkout import Session
    from stripe.params.checkout import SessionCreateParams


def create_session(params: SessionCreateParams, idempotency_key: str) -> Session:
    """Create a hosted page; the same key gives the same page.

    Raises:
        ProviderUnavailableError: no answer; it may have been created, so ask again with this key.
        CustomerUnknownError: the customer in ``params`` is gone.
        RequestRefusedError: the parameters are not accepted, or not those first sent with this key.
    """
    with client.errors():
        return client.connect().v1.checkout.sessions.create(
            params=params,
            options={"idempotency_key": idempotency_key},
        )


def fetch_session(session_id: str) -> Session | None:
    """Return the session with its payment and charge, fetched now; ``None`` if Stripe does not
    know it.

    Raises:
        ProviderUnavailableError: no answer.
    """
    try:
        with client.errors():
            return client.connect().v1.checkout.sessions.retrieve(
                session_id, params={"expand": ["payment_intent.latest_charge"]}
            )
    except client.RequestRefusedError as refusal:
        if getattr(refusal.__cause__, "code", None) == "resource_missing":
            return None
        raise client.ProviderUnavailableError(str(refusal)) from refusal


def sessions_since(moment: datetime) -> Iterator[Session]:
    """Yield the sessions created since ``moment``, newest first.

    Raises:
        ProviderUnavailableError: no answer; there may be more than was yielded.
    """
    created = int(moment.timestamp())
    try:
        with client.errors():
            found = client.connect().v1.checkout.sessions.list(
                {"created": {"gte": created}, "limit": 100}
            )
            yield from found.auto_paging_iter()
    except client.RequestRefusedError as refusal:
        raise client.ProviderUnavailableError(str(refusal)) from refusal


def expire_session(session_id: str) -> None:
    """Close a hosted page so that it can't be paid; a closed page stays as it is.

    Raises:
        ProviderUnavailableError: no answer.
    """
    try:
        with client.errors():
            client.connect().v1.checkout.sessions.expire(session_id)
    except client.RequestRefusedError:
        pass  # complete or expired already: the next fetch tells which

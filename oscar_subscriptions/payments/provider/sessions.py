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
    """Create a hosted page; the same key with the same parameters gives the same page.

    Raises:
        ProviderUnavailableError: no answer; it may have been created, so ask again with this key.
        KeyUsedError: the key was used with other parameters.
        CustomerUnknownError: the customer in ``params`` is gone.
        RequestRefusedError: the parameters are not accepted.
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
        if refusal.is_missing:
            return None
        raise client.ProviderUnavailableError(str(refusal)) from refusal


def find_session(reference: str, since: datetime) -> Session | None:
    """Return the newest session created since ``since`` whose ``client_reference_id`` is
    ``reference``, or ``None``.

    Raises:
        ProviderUnavailableError: no answer.
    """
    found = (one for one in sessions_since(since) if one.client_reference_id == reference)
    return next(found, None)


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

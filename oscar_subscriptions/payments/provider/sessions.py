"""Checkout Sessions: the provider's hosted pages."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from oscar_subscriptions.payments.provider import client


def create_session(params: dict[str, Any], idempotency_key: str) -> Any:
    """Create a hosted page; the same key gives the same page.

    Raises:
        ProviderUnavailableError: no answer; it may have been created, so ask again with this key.
        RequestRefusedError: the parameters are not accepted, or not those first sent with this key.
    """
    with client.errors():
        return client.connect().v1.checkout.sessions.create(
            params=params,  # type: ignore[arg-type]
            options={"idempotency_key": idempotency_key},
        )


def fetch_session(session_id: str) -> Any | None:
    """Return the session as it is now, with its payment and its charge, or ``None`` if Stripe
    knows none.

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


def sessions_since(moment: datetime) -> Iterator[Any]:
    """Yield the sessions made since ``moment``, newest first.

    Raises:
        ProviderUnavailableError: no answer; what was not yielded is not known.
    """
    wanted: Any = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
    try:
        with client.errors():
            yield from client.connect().v1.checkout.sessions.list(wanted).auto_paging_iter()
    except client.RequestRefusedError as refusal:
        raise client.ProviderUnavailableError(str(refusal)) from refusal


def expire_session(session_id: str) -> None:
    """Close a hosted page so that it can't be paid any more; one that is closed stays as it is.

    Raises:
        ProviderUnavailableError: no answer.
    """
    try:
        with client.errors():
            client.connect().v1.checkout.sessions.expire(session_id)
    except client.RequestRefusedError:
        pass  # complete or expired already: whoever asks next reads which

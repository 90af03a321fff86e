"""Post to the shop's webhook whatever somebody might: forged, old, broken or just odd events."""

import json
import time
from typing import Any

import requests
from djstripe.models import WebhookEndpoint

from standin.outgoing import signature

SECONDS = 30


def url(server: Any) -> str:
    """Return the address of the endpoint that ``subscriptions_webhook`` made."""
    return f"{server.url}/stripe/webhook/{WebhookEndpoint.objects.get().djstripe_uuid}/"


def signed(body: str, *, secret: str | None = None, age: int = 0) -> dict[str, str]:
    """Return the header of ``body``, signed ``age`` seconds ago with the endpoint's own secret."""
    secret = WebhookEndpoint.objects.get().secret if secret is None else secret
    return {"Stripe-Signature": signature(body, secret, int(time.time()) - age)}


def post(server: Any, body: Any, headers: dict[str, str] | None = None) -> int:
    """Post ``body`` (bytes, text, or anything that becomes JSON); return the status.

    Args:
        headers: default: as the provider would sign it now.
    """
    if not isinstance(body, (bytes, str)):
        body = json.dumps(body)
    if headers is None:
        headers = signed(body if isinstance(body, str) else body.decode("latin-1"))
    return requests.post(url(server), data=body, headers=headers, timeout=SECONDS).status_code


def event(kind: str, thing: Any, **fields: Any) -> dict[str, Any]:
    """Return an event as the provider would send it, of an id that it does not know."""
    return {
        "id": "evt_1Invented",
        "object": "event",
        "api_version": None,
        "created": int(time.time()),
        "data": {"object": thing},
        "livemode": False,
        "pending_webhooks": 1,
        "request": None,
        "type": kind,
    } | fields

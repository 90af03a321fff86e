"""The same key gives the same answer for 24 hours; with other parameters it is refused.

Stripe answers 409 while a first request with the key still runs; here requests take turns, so the
second one simply finds the first one's answer. As at Stripe only requests that were carried out
are remembered: one refused for its parameters may be sent again.
"""

import hashlib
import json

from .errors import ApiError

LIFETIME = 24 * 3600  # seconds


def recall(store, key, name, request, params):
    """The remembered ``(body, request id)`` of ``key``, or None.

    ``key`` is what we file it under, ``name`` what the client called it, ``request`` method and
    path. Raises ``ApiError`` 400 when the key was used differently.
    """
    prune(store)
    rows = store.sql("SELECT * FROM idempotency WHERE key = ?", key)
    if not rows:
        return None
    row = rows[0]
    if row["request"] != request:
        raise misused("for the same endpoint", name, row["request"])
    if row["params"] != _digest(params):
        raise misused("with the same parameters", name)
    return json.loads(row["body"]), row["request_id"]


def remember(store, key, request, params, body, request_id):
    store.sql(
        "INSERT INTO idempotency VALUES (?, ?, ?, ?, ?, ?)",
        key, request, _digest(params), json.dumps(body), request_id, store.now(),
    )  # fmt: skip


def prune(store):
    store.sql("DELETE FROM idempotency WHERE created < ?", store.now() - LIFETIME)


def _digest(params):
    return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()


def misused(what, name, first=None):
    """The 400 of the key ``name`` that was not used ``what``; ``first``: for which request."""
    used = f" ({first})" if first else ""
    return ApiError(
        400,
        f"Keys for idempotent requests can only be used {what} they were first used with{used}. "
        f"Try using a key other than '{name}' if you meant to execute a different request.",
        type="idempotency_error",
    )

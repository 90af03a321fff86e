"""The API under ``/v1``: whose key, which fault, said before?, do it, expand it.

The whole of a request is one transaction, so that a repeated key finds its first answer and two
requests never meet halfway.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from . import API_VERSION, faults, idempotency
from .actions import ROUTES
from .errors import ApiError, refused
from .events import current_request
from .expand import expanded
from .objects import new_id
from .reading import READABLE, listed, read_one
from .routing import matched

KEY = re.compile(r"(sk|rk)_(test|live)_[A-Za-z0-9]{24,}")


@dataclass(frozen=True)
class Request:
    """Who asks: mode of the key, API version, and what events will name as their cause."""

    livemode: bool
    version: str
    id: str
    idempotency_key: str | None = None


def answer(app, method, path, params, headers):
    """Carry out one request. Returns ``(body, response headers)``.

    ``path`` starts with ``/v1/``; ``params`` are decoded. Raises ``ApiError``, or ``HangUp`` when
    the client must not get an answer.
    """
    secret = _key(headers)
    asked = headers.get("Idempotency-Key") if method == "POST" else None
    forced = app.store.setting("livemode")
    request = Request(
        livemode=("_live_" in secret[:8]) if forced is None else forced,
        version=headers.get("Stripe-Version") or API_VERSION,
        id=new_id("req_", 14),
        idempotency_key=asked,
    )
    fault = faults.next_fault(app.store, method, path, params, asked)
    fault.before(asked)
    told = {"Request-Id": request.id, "Stripe-Version": request.version}
    token = current_request.set({"id": request.id, "idempotency_key": asked})
    try:
        with app.store.transaction():
            if asked is None:
                body = _work(app, method, path, params, request)
            else:
                body, told = _once(app, method, path, params, request, told, secret)
    finally:
        current_request.reset(token)
    fault.after()
    if "error" in body:
        # A bank that refuses has been asked: what it said is kept, for a repeated key as well.
        error = refused(body)
        error.headers.update(told)
        raise error
    return body, told


def _once(app, method, path, params, request, told, secret):
    # Keys belong to the account's key that used them; that one is a secret, so only its hash.
    key = hashlib.sha256(f"{secret} {request.idempotency_key}".encode()).hexdigest()
    call = f"{method} {path}"
    told = told | {"Idempotency-Key": request.idempotency_key}
    before = idempotency.recall(app.store, key, request.idempotency_key, call, params)
    if before:
        body, first = before
        return body, told | {"Idempotent-Replayed": "true", "Original-Request": first}
    body = _work(app, method, path, params, request)
    idempotency.remember(app.store, key, call, params, body, request.id)
    return body, told


def _key(headers):
    scheme, _, value = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            value = ""
    if not value:
        raise ApiError(401, "You did not provide an API key. Use the Authorization header.")
    if not KEY.fullmatch(value):
        # Like Stripe, show just enough of the key to recognise which one it was.
        raise ApiError(401, f"Invalid API Key provided: {value[:8]}{'*' * 12}{value[-4:]}")
    return value


def _work(app, method, path, params, request):
    path = path.removeprefix("/v1/")
    body = _do(app, method, path, params, request)
    if "error" in body:
        return body
    return expanded(app.store, body, params.get("expand") or [])


def _do(app, method, path, params, request):
    found = matched(ROUTES, method, path)
    if found:
        action, ids = found
        return action(app, params, request, *ids)
    if method == "GET" and path in READABLE:
        return listed(app, path, params)
    parent, _, id = path.rpartition("/")
    if method == "GET" and parent in READABLE:
        return read_one(app, READABLE[parent][0], id)
    raise ApiError(404, f"Unrecognized request URL ({method}: /v1/{path}).")

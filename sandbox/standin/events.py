"""Events: written in the same transaction as the change they tell of, with their deliveries."""

import json
import random
from contextvars import ContextVar

from . import API_VERSION
from .objects import new_id

# Whose request caused the event; nobody's when a member or the calendar did.
current_request = ContextVar("current_request", default=None)

# What a test may ask of deliveries; the meaning of each is in `controls.deliveries`.
BEHAVIOUR = {
    "delay": 0, "duplicate": 1, "reorder": None, "hold": False, "drop": 0, "fail": 0,
    "fail_status": 500, "fail_after": False, "types": None, "parallel": 1, "timeout": 30,
    "retries": [1, 2, 4, 8, 16, 32, 60, 120, 300, 600, 1800, 3600],
}  # fmt: skip


def behaviour(store):
    return BEHAVIOUR | store.setting("behaviour", {})


def emit(app, type, body):
    """Record that ``type`` happened to the object ``body`` and queue it for every endpoint."""
    store = app.store
    now = store.now()
    endpoints = [
        endpoint
        for endpoint in store.find("webhook_endpoint", status="enabled")
        if {type, "*"} & set(endpoint["enabled_events"])
    ]
    event = {
        "id": new_id("evt_1"),
        "object": "event",
        "api_version": API_VERSION,
        "created": int(now),
        "data": {"object": body},
        "livemode": body.get("livemode", store.private(body["id"]).get("livemode", False)),
        "pending_webhooks": len(endpoints),
        "request": current_request.get() or {"id": None, "idempotency_key": None},
        "type": type,
    }
    store.save(event)
    for endpoint in reversed(endpoints):
        queue(store, event, endpoint)
    app.deliverer.wake()
    return event


def queue(store, event, endpoint, copies=None):
    """Queue an event for one endpoint as the current behaviour says.

    ``copies`` overrides the behaviour: that many deliveries, at once.
    """
    wanted = behaviour(store)
    if copies is not None or (wanted["types"] and event["type"] not in wanted["types"]):
        wanted = BEHAVIOUR
    # An endpoint sees events in the version it was made with.
    payload = json.dumps(event | {"api_version": endpoint["api_version"] or API_VERSION}, indent=2)
    for _ in range(copies or wanted["duplicate"]):
        store.sql(
            "INSERT INTO deliveries (event, type, endpoint, payload, state, position, next_at) "
            "SELECT ?, ?, ?, ?, ?, ? * (1 + coalesce(max(id), 0)), ? FROM deliveries",
            event["id"], event["type"], endpoint["id"], payload, _state(store, wanted),
            {"reverse": -1, "random": random.random()}.get(wanted["reorder"], 1),
            store.now() + wanted["delay"],
        )  # fmt: skip


def _state(store, wanted):
    if wanted["drop"]:
        if wanted["drop"] != "all":
            store.set("behaviour", store.setting("behaviour", {}) | {"drop": wanted["drop"] - 1})
        return "dropped"
    return "held" if wanted["hold"] else "pending"

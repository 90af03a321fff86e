"""How events reach the shop, or do not."""

import json
import random

from ..errors import invalid, missing
from ..events import BEHAVIOUR, behaviour, queue
from .values import one_of, only, take


def show(app, values):
    """The behaviour as it is."""
    take(values)
    return behaviour(app.store) | {
        state: app.deliverer.count(state) for state in ("pending", "held")
    }


def steer(app, values):
    """Change the behaviour; what is not named stays. ``{"reset": true}`` first goes back to normal.

    ``hold``: queue, send nothing until `release`. ``delay``: seconds before the first try.
    ``duplicate``: copies sent of each event. ``drop``: lose the next n deliveries, or ``"all"``.
    ``reorder``: ``"reverse"`` or ``"random"`` among what is due. ``fail``: the next n tries fail
    with ``fail_status``, before the shop sees them or, with ``fail_after``, once it has handled
    them. ``types``: only for these event types. ``retries``: seconds between tries.
    ``parallel``: deliveries at the same time. ``timeout``: seconds the shop has to answer.
    """
    only(values, [*BEHAVIOUR, "reset"])
    one_of("reorder", values.get("reorder"), (None, "reverse", "random"))
    with app.store.transaction():
        before = {} if values.get("reset") else app.store.setting("behaviour", {})
        changed = {name: value for name, value in values.items() if name != "reset"}
        app.store.set("behaviour", before | changed)
    app.deliverer.wake()
    return show(app, {})


def listed(app, values):
    """Deliveries, oldest first, with every try; ``state`` and ``event`` (an id) narrow it down."""
    state, event = take(values, state=None, event=None)
    rows = app.store.sql(
        "SELECT * FROM deliveries WHERE coalesce(?, state) = state AND coalesce(?, event) = event "
        "ORDER BY id", state, event,
    )  # fmt: skip
    kept = ("id", "event", "type", "endpoint", "state")
    return {
        "data": [
            {name: row[name] for name in kept} | {"answers": json.loads(row["answers"])}
            for row in rows
        ]
    }


def release(app, values):
    """Send what is held: all of it, or only ``events`` (ids) or ``types``, in that very order.

    ``order`` without them: ``"created"``, ``"reverse"`` or ``"random"``. Holding goes on for
    events to come unless ``hold`` is false. Returns what was released, in order.
    """
    wanted, types, order, hold = take(values, events=None, types=None, order="created", hold=True)
    one_of("order", order, ("created", "reverse", "random"))
    with app.store.transaction():
        held = app.store.sql("SELECT * FROM deliveries WHERE state = 'held' ORDER BY id")
        if order == "reverse":
            held.reverse()
        elif order == "random":
            random.shuffle(held)
        for field, chosen in (("event", wanted), ("type", types)):
            if chosen is not None:
                held = [row for one in chosen for row in held if row[field] == one]
        # Behind everything that was ever queued, one after the other.
        last = app.store.sql("SELECT coalesce(max(abs(position)), 0) FROM deliveries")[0][0]
        for place, row in enumerate(held, 1):
            app.store.sql(
                "UPDATE deliveries SET state = 'pending', next_at = ?, position = ? WHERE id = ?",
                app.store.now(), last + place, row["id"],
            )  # fmt: skip
        if not hold:
            app.store.set("behaviour", app.store.setting("behaviour", {}) | {"hold": False})
    app.deliverer.wake()
    return {"released": [{"event": row["event"], "type": row["type"]} for row in held]}


def flush(app, values):
    """Return when nothing is pending, or after ``timeout`` seconds (10).

    ``force`` sends at once what is delayed or waits for its next try. ``drained`` says whether
    nothing is left; held deliveries are not waited for.
    """
    timeout, force = take(values, timeout=10, force=False)
    drained = app.deliverer.flush(timeout, force)
    return {"drained": drained} | {
        state: app.deliverer.count(state) for state in ("pending", "held", "delivered", "failed")
    }


def redeliver(app, values):
    """Send an event (id) once more, or ``times`` times, to every endpoint that may get it."""
    id, times = take(values, event=None, times=1)
    if not id:
        raise invalid("Name an event.", "event")
    with app.store.transaction():
        event = app.store.get(id, "event")
        if event is None:
            raise missing("event", id)
        for endpoint in app.store.find("webhook_endpoint", status="enabled"):
            if {event["type"], "*"} & set(endpoint["enabled_events"]):
                queue(app.store, event, endpoint, copies=times)
    app.deliverer.wake()
    return event

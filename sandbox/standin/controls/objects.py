"""Looking at the state, and writing into it what no payment would."""

from .. import events as outbox
from ..account import account
from ..errors import invalid, missing
from .values import take


def events(app, values):
    """All events, oldest first; ``type`` narrows it down."""
    (type,) = take(values, type=None)
    wanted = {"type": type} if type else {}
    return {"data": app.store.find("event", **wanted)[::-1]}


def emit(app, values):
    """Send an event of any ``type`` about the object ``id``, or about an invented ``object``."""
    type, id, object = take(values, type=None, id=None, object=None)
    if not type or (id is None) == (object is None):
        raise invalid("Give a type, and either id or object.")
    with app.store.transaction():
        body = object or app.store.get(id)
        if body is None:
            raise missing("object", id)
        return outbox.emit(app, type, {"id": "", "livemode": False} | body)


def amend(app, values):
    """Change fields of the object ``id`` behind everybody's back: ``set`` and ``remove``.

    For amounts and currencies that do not match, statuses nobody knows, fields that are missing.
    """
    id, changes, removed = take(values, id=None, set={}, remove=[])
    with app.store.transaction():
        body = app.store.get(id or "")
        if body is None:
            raise missing("object", id)
        body |= {name: value for name, value in changes.items() if name not in ("id", "object")}
        kept = body.keys() - (set(removed) - {"id", "object"})
        return app.store.save({name: value for name, value in body.items() if name in kept})


def reset(app, values):
    """Forget everything, but keep webhook endpoints unless ``endpoints`` is true."""
    (endpoints,) = take(values, endpoints=False)
    with app.store.transaction():
        kept = "" if endpoints else "webhook_endpoint"
        app.store.sql("DELETE FROM documents WHERE kind <> ?", kept)
        for table in ("deliveries", "idempotency", "state"):
            app.store.sql(f"DELETE FROM {table}")
        app.store.save(account(int(app.store.now())))
    return {"reset": True}

"""Faults of the API: what `faults.next_fault` will find."""

import re

from ..errors import invalid
from ..faults import ERRORS
from .values import one_of, take


def show(app, values):
    """The faults still to come."""
    take(values)
    return {"data": app.store.setting("faults", [])}


def add(app, values):
    """Order a fault for the next ``times`` requests (1; null: until cleared), after the first
    ``skip`` (0). With ``each``, for every request the first time it is made: repeated, it is
    carried out.

    Only for requests whose path matches ``path`` (a regular expression) and whose ``method`` is
    this one, if given. ``status``: answer with this error, do nothing. ``error``: the same with one
    of Stripe's errors, ``"lock_timeout"`` (busy) or ``"idempotency_error"`` (the key was used with
    other parameters; for requests with a key). ``lose``: never answer, and do nothing
    (``"before"``) or everything (``"after"``); the connection is closed after ``seconds`` of
    silence (0).
    """
    path, method, times, skip, each, status, error, lose, seconds = take(
        values, path="", method=None, times=1, skip=0, each=False,
        status=None, error=None, lose=None, seconds=0,
    )  # fmt: skip
    one_of("lose", lose, (None, "before", "after"))
    one_of("error", error, (None, *ERRORS))
    if (status, error, lose).count(None) != 2:
        raise invalid("Give either status, error or lose.")
    try:
        re.compile(path)
    except re.error as problem:
        raise invalid(f"path is no regular expression: {problem}", "path") from None
    fault = {
        "path": path, "method": method, "times": times, "skip": skip, "each": bool(each),
        "met": [], "status": status, "error": error, "lose": lose, "seconds": seconds,
    }  # fmt: skip
    with app.store.transaction():
        app.store.set("faults", [*app.store.setting("faults", []), fault])
    return show(app, {})


def clear(app, values):
    """Forget all faults."""
    take(values)
    app.store.set("faults", [])
    return show(app, {})

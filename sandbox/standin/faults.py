"""Faults of the API itself, on request: errors, lost answers, silence."""

import hashlib
import re
from dataclasses import dataclass

from . import idempotency
from .errors import ApiError, busy

# By the name that Stripe gives it, from the request's idempotency key.
ERRORS = {
    "lock_timeout": lambda key: busy(),
    "idempotency_error": lambda key: idempotency.misused("with the same parameters", key),
}


class HangUp(Exception):
    """Close the connection without an answer, after ``seconds`` of silence."""

    def __init__(self, seconds=0):
        super().__init__()
        self.seconds = seconds


@dataclass
class Fault:
    """One fault that a request meets.

    ``status`` answers with that error instead of working; ``error`` with one of ``ERRORS``;
    ``lose`` is ``"before"`` (nothing is done) or ``"after"`` (everything is done), and then nobody
    answers for ``seconds``.
    """

    status: int | None = None
    error: str | None = None
    lose: str | None = None
    seconds: float = 0

    def before(self, idempotency_key=None):
        """Raises ``ApiError`` or ``HangUp`` if the request must not be carried out."""
        if self.error:
            raise ERRORS[self.error](idempotency_key)
        if self.status:
            kind = "invalid_request_error" if self.status < 500 else "api_error"
            raise ApiError(self.status, "The payment stand-in was told to fail.", type=kind)
        if self.lose == "before":
            raise HangUp(self.seconds)

    def after(self):
        """Raises ``HangUp`` if the request was carried out but the answer must be lost."""
        if self.lose == "after":
            raise HangUp(self.seconds)


def next_fault(store, method, path, params, idempotency_key):
    """The first ordered fault that fits this request, counted down; a harmless one if none does.

    A key can only have been used before by a request that has one. A fault of ``each`` request is
    met by the first of those that ask for the same, whatever their key.
    """
    same = hashlib.sha256(f"{method} {path} {params}".encode()).hexdigest()
    with store.transaction():
        ordered = store.setting("faults", [])
        for fault in ordered:
            fits = fault["method"] in (None, method) and re.search(fault["path"], path)
            if not fits or (fault["error"] == "idempotency_error" and not idempotency_key):
                continue
            if fault["each"]:
                if same in fault["met"]:
                    continue
                fault["met"].append(same)
            if fault["skip"]:
                fault["skip"] -= 1
                store.set("faults", ordered)
                continue
            if fault["times"] is not None:
                fault["times"] -= 1
            store.set("faults", [one for one in ordered if one["times"] != 0])
            return Fault(fault["status"], fault["error"], fault["lose"], fault["seconds"])
    return Fault()

"""Faults of the API itself, on request: errors, lost answers, silence."""

import re
from dataclasses import dataclass

from .errors import ApiError


class HangUp(Exception):
    """Close the connection without an answer, after ``seconds`` of silence."""

    def __init__(self, seconds=0):
        super().__init__()
        self.seconds = seconds


@dataclass
class Fault:
    """One fault that a request meets.

    ``status`` answers with that error instead of working; ``lose`` is ``"before"`` (nothing is
    done) or ``"after"`` (everything is done), and then nobody answers for ``seconds``.
    """

    status: int | None = None
    lose: str | None = None
    seconds: float = 0

    def before(self):
        """Raises ``ApiError`` or ``HangUp`` if the request must not be carried out."""
        if self.status:
            kind = "invalid_request_error" if self.status < 500 else "api_error"
            raise ApiError(self.status, "The payment stand-in was told to fail.", type=kind)
        if self.lose == "before":
            raise HangUp(self.seconds)

    def after(self):
        """Raises ``HangUp`` if the request was carried out but the answer must be lost."""
        if self.lose == "after":
            raise HangUp(self.seconds)


def next_fault(store, method, path):
    """The first ordered fault that fits this request, counted down; a harmless one if none does."""
    with store.transaction():
        ordered = store.setting("faults", [])
        for fault in ordered:
            if fault["method"] in (None, method) and re.search(fault["path"], path):
                if fault["times"] is not None:
                    fault["times"] -= 1
                store.set("faults", [one for one in ordered if one["times"] != 0])
                return Fault(fault["status"], fault["lose"], fault["seconds"])
    return Fault()

"""The shop as a WSGI application that notes when each answer is out, and what it left to send."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models.signals import post_save
from oscar.core.loading import get_model

from shop.wsgi import application as shop
from tests.soak import receiver, timing

_here = threading.local()


class _Answer:
    """An answer on its way; ``close`` is what the server calls once the last byte is out."""

    def __init__(self, response: Any, path: str, began: float) -> None:
        self._response, self._path, self._began = response, path, began

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._response)

    def close(self) -> None:
        now = time.time()
        line = {
            "at": now,
            "seconds": now - self._began,
            "path": self._path,
            "mails": _here.mails,
        }
        with timing.FILE.open("a") as file:
            file.write(json.dumps(line) + os.linesep)
        self._response.close()


def application(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    """Answer one request; WSGI."""
    _here.mails, began = [], time.time()
    return _Answer(shop(environ, start_response), environ["PATH_INFO"], began)


def _note(sender: Any, instance: Any, created: bool, **named: Any) -> None:
    if created and instance.email and hasattr(_here, "mails"):
        _here.mails.append(instance.email)


post_save.connect(_note, sender=get_model("oscar_subscriptions", "OutboxMail"))
receiver.connect()

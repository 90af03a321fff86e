"""Kills the shop's server from inside, at one exact point of one request.

From outside a kill can only be hoped to hit a request; the worst point of all, carried out and not
answered, lasts less than a millisecond.
"""

import json
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

from django.http import HttpRequest, HttpResponse

from shop import environment as env

FILE = env.VAR / "fuse"
# Carried out: committed, but nothing of the session saved. Answered: all done but the sending.
BEFORE, CARRIED_OUT, ANSWERED = WHEN = ("before", "carried out", "answered")

# step -> method and path of its requests
REQUESTS = {
    "order": ("POST", r"/checkout/preview/"),
    "pay": ("GET", r"/payments/\d+/pay/"),
    "return": ("GET", r"/payments/return/"),
    "webhook": ("POST", r"/stripe/webhook/"),
}


def arm(step: str, when: str, file: Path = FILE) -> None:
    """Let the next request of ``step`` kill the server.

    Args:
        step: a key of ``REQUESTS``.
        when: one of ``WHEN``.
    """
    new = file.with_suffix(".new")
    new.write_text(json.dumps([step, when]))
    new.replace(file)


def disarm(file: Path = FILE) -> None:
    """Take the fuse out, blown or not."""
    file.unlink(missing_ok=True)


def outermost(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Django middleware, to stand first."""

    def middleware(request: HttpRequest) -> HttpResponse:
        _blow(request, BEFORE)
        response = get_response(request)
        _blow(request, ANSWERED)
        return response

    return middleware


def innermost(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Django middleware, to stand last."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        _blow(request, CARRIED_OUT)
        return response

    return middleware


def _blow(request: HttpRequest, now: str) -> None:
    if not FILE.exists():
        return
    step, when = json.loads(FILE.read_text())
    method, path = REQUESTS[step]
    if when == now and request.method == method and re.match(path, request.path):
        # The server has a process group of its own: main process and workers, nobody else.
        os.killpg(os.getpgrp(), signal.SIGKILL)

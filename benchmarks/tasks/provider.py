"""Take off what calls to the payment provider cost: the library's work and the network's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stripe
from stripe._api_requestor import _APIRequestor

from benchmarks.meter import Clock


def connect() -> None:
    """Lead dj-stripe's own calls to the stand-in too, as ``STRIPE_API_HOST`` leads ours."""
    from django.conf import settings

    stripe.api_base = settings.STRIPE_API_HOST


@contextmanager
def left_out(clock: Clock) -> Iterator[None]:
    """Within the block, CPU inside calls to the provider is not counted by ``clock``."""
    ask = _APIRequestor.request

    def request(self: _APIRequestor, *args: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return ask(self, *args, **named)
        finally:
            clock.away += time.process_time() - began

    _APIRequestor.request = request
    try:
        yield
    finally:
        _APIRequestor.request = ask


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the addresses that are asked of the provider within the block."""
    asked: list[str] = []
    ask = _APIRequestor.request

    def request(self: _APIRequestor, method: str, url: str, *args: Any, **named: Any) -> Any:
        asked.append(url)
        return ask(self, method, url, *args, **named)

    _APIRequestor.request = request
    try:
        yield asked
    finally:
        _APIRequestor.request = ask

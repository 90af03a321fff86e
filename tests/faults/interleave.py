"""Force the one interleaving that a race needs; nothing here sleeps and hopes.

==================  ==========================================================================
``run_before``      another action runs just before a function is called
``run_after``       … or just after it returned
``stopped``         the first caller of a function stops there until the test lets it go on
``meeting``         callers of a function go on only when all of them have come that far
``wait_until_blocked``  connections to PostgreSQL really wait for a lock
==================  ==========================================================================

Another action has a thread and a connection of its own. Where the guard under test is a lock, it
stops at that lock instead of getting through; so "the other has come as far as it can" means: it
has ended, or PostgreSQL says that it waits. Every wait has a deadline that fails the test.
"""

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any
from unittest import mock

from django.db import connection

from tests.threads import Other

# Seconds; only a test that fails ever waits for so long.
DEADLINE = 10
POLL = 0.005

BLOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@contextmanager
def _counter() -> Iterator[Callable[[], int]]:
    """How many wait for a lock, asked on a connection outside of any transaction."""
    observer = connection.copy()

    def count() -> int:
        with observer.cursor() as cursor:
            cursor.execute(BLOCKED)
            return cursor.fetchone()[0]

    try:
        yield count
    finally:
        observer.close()


def _wait_for(condition: Callable[[], bool], complaint: str) -> None:
    deadline = monotonic() + DEADLINE
    while not condition():
        assert monotonic() < deadline, complaint
        threading.Event().wait(POLL)


def wait_until_blocked(count: int = 1) -> None:
    """Return once ``count`` connections wait for a lock; raises ``AssertionError`` if they never
    do."""
    with _counter() as blocked:
        _wait_for(lambda: blocked() >= count, f"{count} connections should wait for a lock")


def _as_far_as_it_can(other: Other) -> None:
    with _counter() as blocked:
        _wait_for(lambda: other.is_over or blocked() > 0, "the other action neither ends nor waits")


@contextmanager
def _replaced(target: Any, name: str, around: Callable[..., Any]) -> Iterator[None]:
    original = getattr(target, name)

    @functools.wraps(original)
    def replacement(*args: Any, **named: Any) -> Any:
        return around(original, *args, **named)

    with mock.patch.object(target, name, replacement):
        yield


@contextmanager
def run_before(target: Any, name: str, action: Callable[[], Any]) -> Iterator[None]:
    """Within the block, run ``action`` once, in another thread, before ``target.name`` is called.

    Raises:
        AssertionError: it was never called. What ``action`` raises comes out of the block as well.
    """
    with _with_other(target, name, action, after=False):
        yield


@contextmanager
def run_after(target: Any, name: str, action: Callable[[], Any]) -> Iterator[None]:
    """As :func:`run_before`, just after ``target.name`` returned."""
    with _with_other(target, name, action, after=True):
        yield


@contextmanager
def _with_other(
    target: Any, name: str, action: Callable[[], Any], *, after: bool
) -> Iterator[None]:
    once = _Once()
    others: list[Other] = []

    def interfere() -> None:
        if once():
            others.append(Other(action))
            _as_far_as_it_can(others[0])

    def around(original: Any, *args: Any, **named: Any) -> Any:
        if after:
            try:
                return original(*args, **named)
            finally:
                interfere()
        interfere()
        return original(*args, **named)

    with _replaced(target, name, around):
        yield
    assert others, f"{name} was never called"
    others[0].result()


class Point:
    """Where a thread stopped."""

    def __init__(self) -> None:
        self._reached, self._go = threading.Event(), threading.Event()

    def stop(self) -> None:
        """Called there."""
        self._reached.set()
        assert self._go.wait(DEADLINE), "nobody let this thread go on"

    def wait(self) -> None:
        """Return once a thread has stopped there."""
        assert self._reached.wait(DEADLINE), "no thread has come so far"

    def release(self) -> None:
        """Let it go on."""
        self._go.set()


@contextmanager
def stopped(target: Any, name: str, *, after: bool = False) -> Iterator[Point]:
    """Stop the first caller of ``target.name``, before the call or after it; later ones pass."""
    once, point = _Once(), Point()

    def around(original: Any, *args: Any, **named: Any) -> Any:
        is_first = once()
        if is_first and not after:
            point.stop()
        value = original(*args, **named)
        if is_first and after:
            point.stop()
        return value

    with _replaced(target, name, around):
        try:
            yield point
        finally:
            point.release()


@contextmanager
def meeting(target: Any, name: str, parties: int = 2, *, after: bool = False) -> Iterator[None]:
    """Let the callers of ``target.name`` go on only when ``parties`` of them have come so far, or
    wait for a lock; before the call, or with ``after`` once it has returned.

    So without the lock both have read what neither has written yet; with it, one has.
    """
    lock, arrived, failures = threading.Lock(), [0], []

    def arrive() -> None:
        with lock:
            arrived[0] += 1
        try:
            with _counter() as blocked:
                _wait_for(lambda: arrived[0] + blocked() >= parties, f"nobody else called {name}")
        except AssertionError as failure:
            failures.append(failure)
            raise

    def around(original: Any, *args: Any, **named: Any) -> Any:
        if after:
            value = original(*args, **named)
            arrive()
            return value
        arrive()
        return original(*args, **named)

    with _replaced(target, name, around):
        yield
    if failures:
        raise failures[0]
    assert arrived[0], f"{name} was never called"


class _Once:
    """True the first time it is called, from whatever thread."""

    def __init__(self) -> None:
        self._lock, self._used = threading.Lock(), False

    def __call__(self) -> bool:
        with self._lock:
            is_first, self._used = not self._used, True
        return is_first

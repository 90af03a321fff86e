"""When mails leave: after the response to a request, at the end of a run, or else at commit."""

from __future__ import annotations

import atexit
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.core import mail
from django.core.signals import request_finished, request_started
from django.db import connections

logger = logging.getLogger(__name__)

# How long the end of the process waits for the mail that is just being sent.
EXIT_SECONDS = 5
# How long the thread waits for more, because its connections are dear: a storm of payments is told
# over one connection to the database and one to the mail server.
LINGER_SECONDS = 1.0


class _Here(threading.local):
    """What the present thread is doing.

    Django serves a request, also under ASGI, with all its database work in one thread, from which
    it sends ``request_started`` and ``request_finished`` as well.

    Attributes:
        rows: the rows of the request that is being served; ``None`` outside a request.
        is_held: whether mails stay in the outbox.
    """

    rows: list[int] | None = None
    is_held = False


class Sender:
    """Sends rows of the outbox in the background: one thread at most in a process.

    Args:
        send: sends the rows whose primary keys are in the lists that it iterates over. If it
            returns before their end, the rest is left to the next run.
        most: rows of one list.
    """

    def __init__(self, send: Callable[[Iterable[list[int]]], object], most: int) -> None:
        self._send = send
        self._most = most
        self._here = _Here()
        # Notified of new rows, and of the end of the process.
        self._lock = threading.Condition()
        self._rows: deque[int] = deque()
        self._thread: threading.Thread | None = None
        self._is_ending = False
        request_started.connect(self._begin_request)
        request_finished.connect(self._end_request)
        atexit.register(self._end_process)

    def take(self, *row_ids: int) -> None:
        """Send rows when they may leave; called after the commit."""
        if self._here.is_held:
            return
        # Django's test runner keeps mails in memory: nobody waits for a server, and a test reads
        # them right after the request.
        if self._here.rows is None or hasattr(mail, "outbox"):
            self._send([list(row_ids)])
        else:
            self._here.rows.extend(row_ids)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within the block, in this thread, :meth:`take` leaves the rows in the outbox."""
        before, self._here.is_held = self._here.is_held, True
        try:
            yield
        finally:
            self._here.is_held = before

    def _begin_request(self, **named: object) -> None:
        self._end_request()  # of a server that did not close its last response
        self._here.rows = []

    def _end_request(self, **named: object) -> None:
        rows, self._here.rows = self._here.rows, None
        if not rows:
            return
        try:
            self._hand_over(rows)
        except RuntimeError:  # no thread can be started
            logger.exception("Mails wait for the next run")

    def _hand_over(self, rows: list[int]) -> None:
        with self._lock:
            self._rows.extend(rows)
            # A process that was forked inherits the thread's name, not the thread.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._work, name="oscar-subscriptions-mail", daemon=True
                )
                self._thread.start()
            self._lock.notify_all()

    def _work(self) -> None:
        try:
            self._send(iter(self._next, None))
        except Exception:  # such as a database that is gone
            logger.exception("Mails wait for the next run")
        finally:
            with self._lock:
                if self._thread is threading.current_thread():
                    self._thread = None
                    self._rows.clear()
            connections.close_all()

    def _next(self) -> list[int] | None:
        with self._lock:
            if not self._rows and not self._is_ending:
                self._lock.wait(LINGER_SECONDS)
            if self._rows and not self._is_ending:
                return [self._rows.popleft() for _ in range(min(self._most, len(self._rows)))]
            # Under the lock, so that a row that comes now is not left to a thread about to end.
            self._thread = None
            return None

    def _end_process(self) -> None:
        self._is_ending = True
        with self._lock:
            self._lock.notify_all()
        if (thread := self._thread) is not None:
            thread.join(EXIT_SECONDS)

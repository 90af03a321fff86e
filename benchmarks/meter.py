"""What an action costs, measured inside a worker: statements, its own CPU, PostgreSQL's CPU."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

_TRANSACTIONS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
NANO = 1e-9


@dataclass
class Statements:
    """What was asked: SQL of statements about data, and those of transactions."""

    data: list[str] = field(default_factory=list)
    transactions: list[str] = field(default_factory=list)
    # With their parameters, so that they can be explained; the first of each wording.
    examples: dict[str, Any] = field(default_factory=dict)

    def add(self, sql: str, parameters: Any = None) -> None:
        """Note one statement."""
        if sql.startswith(_TRANSACTIONS):
            self.transactions.append(sql)
        else:
            self.data.append(sql)
            self.examples.setdefault(sql, parameters)

    def as_json(self) -> dict[str, int]:
        """Return both numbers."""
        return {"data": len(self.data), "transactions": len(self.transactions)}


@contextmanager
def statements() -> Iterator[Statements]:
    """Note every statement of the block, also those of Django's outermost transactions.

    Those do not pass the cursor, so the methods of the connection that carry them out are watched.
    """
    found = Statements()

    def wrapper(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        found.add(str(sql).lstrip(), params)
        return execute(sql, params, many, context)

    connection.ensure_connection()
    with connection.execute_wrapper(wrapper), _watched(found):
        yield found


@contextmanager
def _watched(found: Statements) -> Iterator[None]:
    begin, commit, rollback = (
        connection._set_autocommit,
        connection._commit,
        connection._rollback,
    )

    def set_autocommit(is_on: bool) -> None:
        if not is_on:
            found.add("BEGIN")
        begin(is_on)

    def and_note(action: Callable[[], Any], name: str) -> Callable[[], Any]:
        def act() -> Any:
            found.add(name)
            return action()

        return act

    connection._set_autocommit = set_autocommit
    connection._commit = and_note(commit, "COMMIT")
    connection._rollback = and_note(rollback, "ROLLBACK")
    try:
        yield
    finally:
        for name in ("_set_autocommit", "_commit", "_rollback"):
            delattr(connection, name)


class Clock:
    """CPU of this process and of its connection's PostgreSQL process.

    Attributes:
        away: seconds of this process to leave out, such as those inside calls to the provider.
    """

    def __init__(self) -> None:
        self.away = 0.0
        connection.ensure_connection()
        self._server = server_seconds()
        self._client = time.process_time()

    def read(self) -> dict[str, float]:
        """Return the seconds since the clock was made, as ``client`` and ``server``."""
        client = time.process_time() - self._client - self.away
        return {"client": client, "server": server_seconds() - self._server}


def server_seconds() -> float:
    """Return the CPU that this connection's PostgreSQL process has used, in seconds.

    ``schedstat`` counts nanoseconds; the usual counters tick every 10 ms.
    """
    pid = connection.connection.info.backend_pid
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) * NANO


def timed(action: Callable[[], Any], times: int = 1) -> dict[str, float]:
    """Return the CPU of one call of ``action``, on average of ``times``, as ``client`` and
    ``server``. The garbage of what came before is collected first."""
    gc.collect()
    clock = Clock()
    for _ in range(times):
        action()
    return {name: seconds / times for name, seconds in clock.read().items()}

"""A process of the shop dies, for real: ``SIGKILL`` just before or just after its N-th commit.

The process is a fork of the test, so that Django need not start anew each time. It drops the
connections that it inherited without a word to the server (they are still the test's), opens its
own, and never returns into the test.
"""

import os
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

# What reads only; anything else, outside of a transaction, is committed by itself.
_READS = ("SELECT", "SHOW", "SAVEPOINT", "RELEASE", "ROLLBACK", "DECLARE", "FETCH", "CLOSE")

# Kept for ever: a connection that is collected would say good-bye to the server.
_inherited: list[Any] = []


def killed(action: Callable[[], Any], *, commit: int, after: bool) -> bool:
    """Run ``action`` in a process that is killed at one of its commits.

    A commit is the end of an outermost ``atomic`` block, or a single statement that writes outside
    of one. ``on_commit`` callbacks come after it, and have commits of their own.

    Args:
        action: called in the child; what it changes in memory is lost.
        commit: which commit, from 1.
        after: die when the server has confirmed it; else when the server has not heard of it.

    Returns:
        Whether it was killed; if not, ``action`` made fewer commits and ended well.

    Raises:
        AssertionError: ``action`` raised; with its traceback.
    """
    connection.ensure_connection()
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Python 3.12 warns of forking beside threads: those of the stand-in stay with the parent.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _live_and_die(action, commit, after, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        complaint = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert not complaint and os.WEXITSTATUS(status) == 0, complaint
    return False


def _live_and_die(action: Callable[[], Any], commit: int, after: bool, writing: int) -> None:
    code = 1
    try:
        _drop_connections()
        with _dying_at(commit, after):
            action()
        code = 0
    except BaseException:
        os.write(writing, traceback.format_exc().encode()[-60_000:])
    finally:
        os._exit(code)


def _drop_connections() -> None:
    for alias in list(connections):
        _inherited.append(connections[alias])
        del connections[alias]


@contextmanager
def _dying_at(commit: int, after: bool) -> Iterator[None]:
    seen = [0]

    def die_now() -> None:
        if seen[0] == commit:
            os.kill(os.getpid(), signal.SIGKILL)

    def committing(write: Callable[[], Any]) -> Any:
        seen[0] += 1
        if not after:
            die_now()
        value = write()
        if after:
            die_now()
        return value

    def execute(run: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        wrapper = context["connection"]
        if wrapper.in_atomic_block or str(sql).lstrip().upper().startswith(_READS):
            return run(sql, params, many, context)
        return committing(lambda: run(sql, params, many, context))

    commit_of_django = DatabaseWrapper._commit
    patched = mock.patch.object(
        DatabaseWrapper, "_commit", lambda self: committing(lambda: commit_of_django(self))
    )
    with patched, connection.execute_wrapper(execute):
        yield

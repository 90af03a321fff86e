"""Transactions: repeated after a conflict, the locks they hold, and what follows their commit."""

import functools
import logging
import random
import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections, transaction

logger = logging.getLogger(__name__)

TRIES = 4
# Seconds before the second try; doubled each time, and shortened at random so that two victims of
# each other do not meet again.
PAUSE = 0.05

# SQLSTATE: serialization failure, deadlock, lock not available (a lock time-out), query cancelled
# by a statement time-out is not among them: it would only take as long again.
_STATES = {"40001", "40P01", "55P03"}
# MySQL: lock wait time-out, deadlock.
_MYSQL_CODES = {1205, 1213}

Action = TypeVar("Action", bound=Callable[..., Any])


def transactional(action: Action) -> Action:
    """Run ``action`` in a transaction, and again when it fell victim to a conflict.

    ``action`` must read all it needs from the database, because it may run several times; whatever
    it registered for after the commit is forgotten with the transaction. Inside a caller's
    transaction it runs once: only the caller can begin anew.

    A connection that is lost, perhaps during the commit itself, leaves it open whether the commit
    happened. So the action must be repeatable: what it finds done it leaves alone.

    Raises:
        django.db.OperationalError: after ``TRIES`` tries, or for any other reason.
    """

    @functools.wraps(action)
    def run(*args: Any, **named: Any) -> Any:
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.in_atomic_block:
            with transaction.atomic():
                return action(*args, **named)
        for tries_left in reversed(range(TRIES)):
            used = None
            try:
                connection.ensure_connection()
                used = connection.connection
                with transaction.atomic():
                    return action(*args, **named)
            except (OperationalError, InterfaceError) as error:
                if not tries_left or not _may_be_repeated(error, connection, used):
                    raise
                # A partial, say, has no name; its own repr is as good.
                name = getattr(action, "__qualname__", repr(action))
                logger.warning("%s begun anew: %s", name, error)
                pause = PAUSE * 2 ** (TRIES - 1 - tries_left)
                time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311
        raise AssertionError("unreachable")

    return cast(Action, run)


def _may_be_repeated(error: Exception, connection: Any, used: Any) -> bool:
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) in _STATES:
        return True
    if connection.vendor == "mysql" and error.args and error.args[0] in _MYSQL_CODES:
        return True
    if connection.vendor == "sqlite" and "locked" in str(error):
        return True
    return _is_lost(connection, used)


def _is_lost(connection: Any, used: Any) -> bool:
    """Whether the connection to the server that was ``used`` is gone.

    Django opens another one as soon as it leaves the ``atomic`` block, so that asking the one that
    there is now would not tell. Where it did not, the next query does.
    """
    if used is not None and connection.connection is used:
        if connection.is_usable():
            return False
        connection.close()
    return True


def for_update(queryset: Any) -> Any:
    """Return ``queryset`` with its rows locked until the transaction ends.

    PostgreSQL's plain ``FOR UPDATE`` also blocks whoever inserts a row that refers to the locked
    one (a journal line, a term), and two such waits make a deadlock. ``FOR NO KEY UPDATE`` is
    enough: we never change a key.
    """
    features = connections[queryset.db].features
    return queryset.select_for_update(no_key=features.has_select_for_no_key_update)


def locked(model: Any, pk: Any) -> Any:
    """Return the row ``pk`` of ``model``, locked with :func:`for_update`.

    Raises:
        ObjectDoesNotExist: there is no such row.
    """
    return for_update(model._default_manager.all()).get(pk=pk)


def after_commit(action: Callable[..., Any], *args: Any, **named: Any) -> None:
    """Call ``action(*args, **named)`` after commit; an error is logged and changes nothing.

    ``on_commit(partial(…), robust=True)`` is not robust: to log the error Django asks for the
    callable's ``__qualname__``, which a ``partial`` has not. The ``AttributeError`` would end the
    request, and the transaction's other callbacks would be lost.
    """

    def call() -> None:
        action(*args, **named)

    call.__qualname__ = getattr(action, "__qualname__", repr(action))
    transaction.on_commit(call, robust=True)

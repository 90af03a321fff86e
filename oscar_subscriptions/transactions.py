"""Transactions: repetition after conflicts, row locks, and actions after commit."""

from __future__ import annotations

import functools
import logging
import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, Protocol, Self, TypeVar

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections, transaction

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Model

logger = logging.getLogger(__name__)

TRIES = 4
# Seconds before the second try; doubled each time, and shortened at random so that two transactions
# that collided do not collide again.
PAUSE = 0.05

# SQLSTATE: serialization failure, deadlock, lock not available (a lock time-out). A query cancelled
# by a statement time-out is left out: it would take as long again.
_STATES = {"40001", "40P01", "55P03"}
# MySQL: lock wait time-out, deadlock.
_MYSQL_CODES = {1205, 1213}

P = ParamSpec("P")
Result = TypeVar("Result")
Row = TypeVar("Row", bound="Model")


class _Lockable(Protocol):
    """A queryset, Django's or ``protocols.Rows``."""

    @property
    def db(self) -> str: ...
    def select_for_update(self, *, no_key: bool, skip_locked: bool) -> Self: ...


Query = TypeVar("Query", bound=_Lockable)


def transactional(action: Callable[P, Result]) -> Callable[P, Result]:
    """Run ``action`` in a transaction, and again after a conflict with another transaction.

    ``action`` must read everything it needs from the database, because it may run several times;
    callbacks that it registered for after the commit are dropped with the transaction. Inside a
    caller's transaction it runs once: only the caller can start over.

    If the connection is lost, perhaps during the commit itself, nobody knows whether the commit
    happened. So the action must be repeatable: it leaves alone whatever is already done.

    Raises:
        django.db.OperationalError: after ``TRIES`` tries, or for any other reason.
    """

    @functools.wraps(action)
    def run(*args: P.args, **named: P.kwargs) -> Result:
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
                # A partial, for example, has no name.
                name = getattr(action, "__qualname__", repr(action))
                logger.warning("%s begun anew: %s", name, error)
                pause = PAUSE * 2 ** (TRIES - 1 - tries_left)
                time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311
        raise AssertionError("unreachable")

    return run


def is_database_failure(error: Exception) -> bool:
    """Return whether ``error`` came from a conflict between transactions or from a lost connection,
    and not from code: it is worth repeating later what was tried."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    vendor = connections[DEFAULT_DB_ALIAS].vendor
    if vendor == "postgresql":
        state: str | None = getattr(error.__cause__, "sqlstate", None)
        # No state: the server closed the connection. 08 and 57P: connection lost, server shut down.
        return state is None or state in _STATES or state.startswith(("08", "57P"))
    return _is_conflict(error, vendor)


def _is_conflict(error: Exception, vendor: str) -> bool:
    if getattr(error.__cause__, "sqlstate", None) in _STATES:
        return True
    if vendor == "mysql":
        return bool(error.args) and error.args[0] in _MYSQL_CODES
    return vendor == "sqlite" and "locked" in str(error)


def _may_be_repeated(error: Exception, connection: BaseDatabaseWrapper, used: object) -> bool:
    return _is_conflict(error, connection.vendor) or _is_lost(connection, used)


def _is_lost(connection: BaseDatabaseWrapper, used: object) -> bool:
    """Return whether ``used``, the driver's connection during the transaction, is gone.

    Django opens a new one on leaving the ``atomic`` block, and testing the new one would prove
    nothing. If Django kept the lost one, it is closed here, and the next query opens another.
    """
    if used is not None and connection.connection is used:
        if connection.is_usable():
            return False
        connection.close()
    return True


def for_update(queryset: Query, *, wait: bool = True) -> Query:
    """Return ``queryset`` with its rows locked until the transaction ends.

    Args:
        wait: for rows that another transaction has locked; if not, they are left out, where the
            database can do that.

    PostgreSQL's plain ``FOR UPDATE`` also blocks inserts of rows that refer to a locked row (a
    journal entry, a term), and two such waits make a deadlock. ``FOR NO KEY UPDATE`` is enough: no
    key is ever changed.
    """
    features = connections[queryset.db].features
    return queryset.select_for_update(
        no_key=features.has_select_for_no_key_update,
        skip_locked=not wait and features.has_select_for_update_skip_locked,
    )


def locked(model: type[Row], pk: object) -> Row:
    """Return the row ``pk`` of ``model``, locked with :func:`for_update`.

    Raises:
        ObjectDoesNotExist: there is no such row.
        TransactionManagementError: no transaction is open.
    """
    return for_update(model._default_manager.all()).get(pk=pk)


def after_commit(action: Callable[P, object], *args: P.args, **named: P.kwargs) -> None:
    """Call ``action(*args, **named)`` after commit; errors are logged and have no other effect.

    ``on_commit(partial(…), robust=True)`` is not robust: to log an error Django reads the
    callable's ``__qualname__``, which a ``partial`` lacks. The ``AttributeError`` would end the
    request and drop the transaction's other callbacks.
    """

    def call() -> None:
        action(*args, **named)

    call.__qualname__ = getattr(action, "__qualname__", repr(action))
    transaction.on_commit(call, robust=True)

"""During every test: which code of the package writes the days and the validity of terms.

It is asked of the SQL, so that no way of writing a row escapes: ``save``, ``update``,
``bulk_create``, a raw statement.
"""

import re
import sys
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.backends.signals import connection_created

import oscar_subscriptions

PACKAGE = str(Path(oscar_subscriptions.__file__).parent)
LEDGER = f"{PACKAGE}/fulfilment/ledger.py"
# These describe the table; who calls them writes the row.
DESCRIBES = (f"{PACKAGE}/abstract_models/", f"{PACKAGE}/querysets/", f"{PACKAGE}/models.py")

TABLE = '"oscar_subscriptions_term"'
COLUMNS = r'"(starts_on|ends_on|covered_until|anchor|revoked_at|suspended_at)"'
WRITES = re.compile(
    rf"\s*(INSERT INTO {TABLE}|UPDATE {TABLE} SET (?:(?! WHERE ).)*{COLUMNS} =)", re.IGNORECASE
)

# Files and lines of the package that wrote them, other than the ledger.
found: list[str] = []


def install() -> None:
    """Look at the statements of every connection from now on."""
    connection_created.connect(_watch_connection, dispatch_uid="tests.ledger_watch")
    for connection in connections.all(initialized_only=True):
        _watch_connection(connection)


def _watch_connection(connection: Any, **kwargs: Any) -> None:
    if _watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(_watch)


def _watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if TABLE in sql and WRITES.match(sql):
        frame: Any = sys._getframe()
        while frame is not None:
            file = frame.f_code.co_filename
            if file.startswith(PACKAGE) and not file.startswith(DESCRIBES):
                if file != LEDGER:
                    found.append(f"{file}:{frame.f_lineno}")
                break
            frame = frame.f_back
    return execute(sql, params, many, context)

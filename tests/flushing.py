"""Empty the database after a test that committed, without the work of Django's own ``flush``.

Oscar and dj-stripe have some 250 tables. ``flush`` empties all of them, and then creates every
content type and permission again: most of what such a test costs. Here only tables that hold
something are emptied, and those two are kept. And rows are deleted: for a ``TRUNCATE`` PostgreSQL
makes new files, a third of a second for the few rows of a test.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.test import TransactionTestCase

KEPT = {"django_content_type", "auth_permission", "django_migrations"}


def install(afterwards: Callable[[], None]) -> None:
    """Let every transactional test clean up in this way, and then call ``afterwards``."""

    def teardown(self: Any) -> None:
        for alias in self._databases_names(include_mirrors=False):
            empty(alias)
        afterwards()

    TransactionTestCase._fixture_teardown = teardown


@functools.cache
def _tables(alias: str) -> list[str]:
    """The tables to empty; asked once, since no test leaves others behind."""
    introspection = connections[alias].introspection
    existing = introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(existing) - KEPT)


def filled_tables(alias: str) -> list[str]:
    """Return the names of the tables of the database ``alias`` that hold rows, without ``KEPT``."""
    connection = connections[alias]
    quote = connection.ops.quote_name
    names = _tables(alias)
    filled = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Whether a table was ever written to is cheaper to ask than whether it holds a row.
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_relation_size(oid) > 0"
            )
            names = sorted(set(names) & {row[0] for row in cursor.fetchall()})
        # In portions, because SQLite limits the terms of one compound statement.
        for start in range(0, len(names), 100):
            cursor.execute(
                " UNION ALL ".join(
                    f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quote(name)})"
                    for name in names[start : start + 100]
                )
            )
            filled += [row[0] for row in cursor.fetchall()]
    return filled


def empty(alias: str) -> None:
    """Delete all rows of the database ``alias``, but for those of ``KEPT``."""
    connection = connections[alias]
    filled = [connection.ops.quote_name(name) for name in filled_tables(alias)]
    if filled:
        statements = [f"DELETE FROM {table}" for table in filled]
        if connection.vendor == "postgresql":
            # A request that a test left behind is waited for, as TRUNCATE does.
            statements.insert(0, f"LOCK TABLE {', '.join(filled)}")
        # In one transaction, at whose end foreign keys are checked.
        connection.ops.execute_sql_flush(statements)

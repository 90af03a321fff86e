"""Empty the database after a test that committed, without the work of Django's own ``flush``.

Oscar and dj-stripe have some 250 tables. ``flush`` empties all of them, and then creates every
content type and permission again: most of what such a test costs. Here only tables that hold
something are emptied, and those two are kept.
"""

from typing import Any

from django.core.management.color import no_style
from django.db import connections
from django.test import TransactionTestCase

KEPT = {"django_content_type", "auth_permission", "django_migrations"}


def install() -> None:
    """Let every transactional test clean up in this way."""
    TransactionTestCase._fixture_teardown = _teardown


def _teardown(self: Any) -> None:
    for alias in self._databases_names(include_mirrors=False):
        _empty(connections[alias])


def _empty(connection: Any) -> None:
    existing = connection.introspection.django_table_names(only_existing=True, include_views=False)
    names = sorted(set(existing) - KEPT)
    quote = connection.ops.quote_name
    # In portions, because SQLite limits the terms of one compound statement.
    filled = []
    with connection.cursor() as cursor:
        for start in range(0, len(names), 100):
            cursor.execute(
                " UNION ALL ".join(
                    f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quote(name)})"
                    for name in names[start : start + 100]
                )
            )
            filled += [row[0] for row in cursor.fetchall()]
    if filled:
        statements = connection.ops.sql_flush(
            no_style(), filled, reset_sequences=False, allow_cascade=True
        )
        connection.ops.execute_sql_flush(statements)

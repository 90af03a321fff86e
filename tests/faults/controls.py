"""Switch one guard off, to prove that a race really was one.

Every race has a test beside it named ``…_control``: the same interleaving without the guard must
show the fault. If it does not, the race is not the race that the test believes in.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from django.db import connection
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, transactions
from oscar_subscriptions.payments.reconciliation import reconcile


@contextmanager
def without_locks() -> Iterator[None]:
    """Within the block, rows that should be locked are only read."""
    modules = []
    with ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            ours = name.startswith("oscar_subscriptions")
            if ours and getattr(module, "for_update", None) is transactions.for_update:
                modules.append(module)
        for module in modules:
            stack.enter_context(mock.patch.object(module, "for_update", lambda rows: rows))
        yield


def is_refused_by_the_database() -> bool:
    """Return whether a payment was written a second time, up to the constraint that an order line
    has one term: without locks nothing else is left."""
    reports = get_model("oscar_subscriptions", "Alert").objects.filter(kind=alerts.NOT_APPLIED)
    return reports.filter(reason__contains="IntegrityError").exists()


@contextmanager
def without_numbers() -> Iterator[None]:
    """Within the block, the answer to an older question is applied as well."""
    with mock.patch.object(reconcile, "_is_older", lambda seen, attempt: False):
        yield


@contextmanager
def without_constraints(model: Any) -> Iterator[None]:
    """Within the block, the table of ``model`` takes rows that are not unique, or overlap.

    The table is emptied at the end, because those rows would not let the guards come back.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype IN ('u', 'x')",
            [model._meta.db_table],
        )
        constraints = cursor.fetchall()
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
            "WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary AND NOT EXISTS "
            "(SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
            [model._meta.db_table],
        )
        indexes = cursor.fetchall()
        for name, _ in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
            for name, definition in constraints:
                cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
            for _, definition in indexes:
                cursor.execute(definition)

"""Lock a row against other writers, and against nobody else."""

from typing import Any

from django.db import connections


def for_update(queryset: Any) -> Any:
    """Return ``queryset`` with its rows locked until the transaction ends.

    PostgreSQL's plain ``FOR UPDATE`` also blocks whoever inserts a row that refers to the locked
    one (a journal line, a term), and two such waits make a deadlock. ``FOR NO KEY UPDATE`` is
    enough: we never change a key.
    """
    features = connections[queryset.db].features
    return queryset.select_for_update(no_key=features.has_select_for_no_key_update)

"""``INSERT … SELECT`` from a model's own fields: what is not named gets the field's default."""

from __future__ import annotations

from typing import Any

from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb


def insert(model: type[models.Model], source: str, **expressions: str) -> int:
    """Write rows of ``model``; return their number.

    Args:
        source: what stands behind ``FROM``, such as ``generate_series(1, 10) AS i``.
        expressions: SQL for each field that has no default or needs another, by its name.
    """
    columns, values = [], []
    unknown = set(expressions)
    for field in model._meta.concrete_fields:
        unknown -= {field.name, field.attname}
        expression = expressions.get(field.name, expressions.get(field.attname, ""))
        if not expression and isinstance(field, models.AutoField):
            continue
        columns.append(f'"{field.column}"')
        values.append(expression or default(field))
    if unknown:
        raise ValueError(f"{model.__name__} has no {sorted(unknown)}")
    table = connection.ops.quote_name(model._meta.db_table)
    return execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {source}"
    )


def execute(statement: str) -> int:
    """Carry out SQL; return how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


def default(field: models.Field) -> str:
    """Return the field's default as SQL."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return "now()"
    value: Any = field.get_default()
    if value is None and not field.null:
        value = "" if isinstance(field, models.CharField | models.TextField) else value
    return literal(field.get_db_prep_save(value, connection)) if value is not None else "NULL"


def literal(value: Any) -> str:
    """Return ``value`` as SQL."""
    if isinstance(value, dict | list):
        value = Jsonb(value)
    return sql.Literal(value).as_string(connection.connection)


def advance_sequences(chosen: list[type[models.Model]]) -> None:
    """Let the next primary key of each model be one that no row has."""
    from django.core.management.color import no_style

    for statement in connection.ops.sequence_reset_sql(no_style(), chosen):
        execute(statement)

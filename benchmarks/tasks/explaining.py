"""How PostgreSQL carries out statements that were recorded: does it read a whole large table?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

from benchmarks.meter import Statements

LARGE = 1000
_EXPLAINED = ("SELECT", "UPDATE", "DELETE", "WITH")


def whole_tables(found: Statements) -> list[list[str]]:
    """Return a pair for each statement of ``found`` that reads every row of a table with more than
    ``LARGE`` rows: the table, and the beginning of the statement."""
    return [
        [table, sql[:300]]
        for sql, parameters in found.examples.items()
        if sql.startswith(_EXPLAINED)
        for table in sorted({*_scanned(_plan(sql, parameters))})
    ]


def _plan(sql: str, parameters: Any) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return plan[0]["Plan"]


def _scanned(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and _rows(node["Relation Name"]) > LARGE:
        yield node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from _scanned(child)


def _rows(table: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [f'"{table}"'])
        return cursor.fetchone()[0]

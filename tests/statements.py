"""How many statements a piece of work asks of the database, savepoints apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection
from django.test.utils import CaptureQueriesContext

_TRANSACTIONS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@dataclass
class Statements:
    """What was asked: SQL of the statements, and of the savepoints around them."""

    asked: list[str] = field(default_factory=list)
    savepoints: list[str] = field(default_factory=list)


@contextmanager
def counted() -> Iterator[Statements]:
    """Count the statements of the block; the result is complete after it."""
    found = Statements()
    with CaptureQueriesContext(connection) as captured:
        yield found
    for query in captured:
        kind = found.savepoints if query["sql"].startswith(_TRANSACTIONS) else found.asked
        kind.append(query["sql"])

"""Which rows a step looks at, so that a run costs what is due and not what exists.

A date makes a row due once: a step asks for the days since it last ran (:func:`days_since`). What
no date tells (a script wrote rows, a process died, staff changed a product by hand) is found by
looking at all rows in turn (:func:`in_turn`): a small shop's in every run, ``IN_TURN`` rows a run
in a large one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from oscar_subscriptions.daily_run import checkpoints

if TYPE_CHECKING:
    from django.db.models import QuerySet

Item = TypeVar("Item")

# Looking at a row that is in order takes some ten microseconds of the database's time.
IN_TURN = 1000


class Days(NamedTuple):
    """The days of the shop's timezone after ``after``, up to and with ``until``."""

    after: date
    until: date


def days_since(name: str, day: date) -> Days | None:
    """Return the days between the last run of a step and ``day``, whichever is later; ``None``
    before its first run.

    Args:
        name: of the step's checkpoint.
    """
    last = checkpoints.day_of(name)
    return None if last is None else Days(min(last, day), max(last, day))


def in_turn(name: str, rows: QuerySet[Any]) -> list[Any]:
    """Return the primary keys of the next ``IN_TURN`` of ``rows``, in the order of keys; behind the
    last comes the first. :func:`done` ends their turn.

    Args:
        name: of the step's checkpoint.
    """
    last = checkpoints.row_of(name)
    keys = rows.order_by("pk").values_list("pk", flat=True)
    turn = list(keys.filter(pk__gt=last)[:IN_TURN])
    if len(turn) < IN_TURN:
        turn += keys.filter(pk__lte=last)[: IN_TURN - len(turn)]
    return turn


def done(name: str, day: date, turn: list[int]) -> None:
    """Write down that a step has lived through ``day``, and looked at the rows ``turn``."""
    checkpoints.live_through(name, day, turn[-1] if turn else 0)


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield ``items`` in lists of at most ``size``."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk

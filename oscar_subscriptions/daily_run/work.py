"""The work on many rows: a row that fails stops no other, and a few rows at a time are read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from oscar_subscriptions.mail import sending

logger = logging.getLogger(__name__)

Row = TypeVar("Row")
Stored = TypeVar("Stored", bound=Model)
# Rows read at once, which bounds the memory that a run needs.
BATCH = 500

ON_PROGRESS: ContextVar[Callable[[], None]] = ContextVar("on_progress", default=lambda: None)
# Mails that the steps of a dry run would have left for the step that sends them.
_mails_foretold: ContextVar[int] = ContextVar("foretold", default=0)


@dataclass(frozen=True)
class Outcome:
    """One thing that a step did, or would do in a dry run.

    Attributes:
        message: one line for the operator, in English.
        failed: whether it raised; the run goes on.
    """

    message: str
    failed: bool = False


def for_each_row(
    rows: Iterable[Row],
    action: Callable[[Row], object],
    describe: Callable[[Row], str],
    dry_run: bool,
    *,
    carried_out_in_dry_run: bool = False,
) -> Iterator[Outcome]:
    """Do ``action`` for each row; a row on which it raises does not stop the others.

    Args:
        action: returns something true if it changed anything.
        describe: the line for the operator.
        carried_out_in_dry_run: carry out ``action`` in a dry run too, and roll it back. Only for
            an action that writes nothing but rows, and that alone knows whether it changes any.

    Yields:
        An outcome for each row that was changed, or would be, and for each failure.
    """
    for row in rows:
        ON_PROGRESS.get()()
        if dry_run and not carried_out_in_dry_run:
            yield Outcome(describe(row))
            continue
        try:
            done = carry_out_and_undo(action, row) if dry_run else action(row)
        except Exception as error:
            logger.exception("%s failed", describe(row))
            yield Outcome(f"{describe(row)}: {error}", failed=True)
        else:
            if done:
                yield Outcome(describe(row))


def made_progress(rows: int) -> None:
    """Say that ``rows`` more rows were read, in a step that does not read them by
    :func:`for_each_row`."""
    for _ in range(rows):
        ON_PROGRESS.get()()


def for_each_of_batch(
    rows: list[Row],
    together: Callable[[list[Row]], Iterable[Row]],
    alone: Callable[[Row], object],
    describe: Callable[[Row], str],
) -> Iterator[Outcome]:
    """As :func:`for_each_row`, for rows that can be worked on together; if that raises, they are
    worked on one by one.

    Args:
        together: returns the rows that were changed, and changes none if it raises.
        alone: returns something true if it changed anything.
    """
    if not rows:
        return
    try:
        changed = list(together(rows))
    except Exception:
        logger.exception("%s rows could not be worked on together", len(rows))
        yield from for_each_row(rows, alone, describe, False)
    else:
        yield from (Outcome(describe(row)) for row in changed)


def foretell_mails(number: int) -> None:
    """Add ``number`` to the mails that a dry run would have written."""
    _mails_foretold.set(_mails_foretold.get() + number)


def forget_foretold() -> None:
    """Begin to count them anew."""
    _mails_foretold.set(0)


def mails_foretold() -> int:
    """Return how many mails the steps of a dry run would have written so far."""
    return _mails_foretold.get()


def carry_out_and_undo(action: Callable[[Row], object], row: Row) -> object:
    """Return what ``action`` returns for ``row``, and undo it; mails that it wrote are counted."""
    with transaction.atomic():
        before = sending.waiting().count()
        done = action(row)
        foretell_mails(sending.waiting().count() - before)
        transaction.set_rollback(True)
    return done


# A provider that is down is asked this many times, not once for each of a thousand rows.
FAILURES_ALLOWED = 3


def with_circuit_breaker(
    action: Callable[[Row], object], silence: type[Exception]
) -> Callable[[Row], object]:
    """Wrap ``action`` so that it is skipped after it raised ``silence`` ``FAILURES_ALLOWED`` times
    in a row. Skipped, it returns ``False``."""
    silent = 0

    def ask(row: Row) -> object:
        nonlocal silent
        if silent >= FAILURES_ALLOWED:
            return False
        try:
            answer = action(row)
        except silence:
            silent += 1
            raise
        silent = 0
        return answer

    return ask


def in_batches(rows: QuerySet[Stored]) -> Iterator[Stored]:
    """Yield the rows of a queryset by primary key, read as :func:`batches`."""
    return chain.from_iterable(batches(rows))


def batches(rows: QuerySet[Stored]) -> Iterator[list[Stored]]:
    """Yield the rows of a queryset by primary key, in lists of ``BATCH``.

    Each batch begins after the last key of the one before, so that no row is missed when the
    caller's work takes rows out of the queryset.
    """
    rows = rows.order_by("pk")
    rest = rows
    while batch := list(rest[:BATCH]):
        yield batch
        if len(batch) < BATCH:
            return
        rest = rows.filter(pk__gt=batch[-1].pk)


def chunks(items: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Yield ``items`` in lists of at most ``size``."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk

"""The daily run: do everything that a date makes due. It may be repeated, or die midway.

A run only brings projections in line with the terms: a term ends on time without it. Other apps
add steps with :func:`add_step`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from oscar_subscriptions import conf
from oscar_subscriptions.daily_run import checkpoints
from oscar_subscriptions.mail import outbox

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """One thing that a step did, or would do in a dry run.

    Attributes:
        message: one line for the operator, in English.
        failed: whether it raised; the run goes on.
    """

    message: str
    failed: bool = False


Row = TypeVar("Row")
Stored = TypeVar("Stored", bound=Model)
# Takes the day, in the shop's timezone, and whether this is a dry run.
Step = Callable[[date, bool], Iterable[Outcome]]
# Called with the name of the step for each row that it reads.
OnProgress = Callable[[str], None]

# Rows read at once, which bounds the memory that a run needs.
BATCH = 500

_STEPS: list[Step] = []
# Those that stay behind all others.
_AT_END: set[Step] = set()

_on_progress: ContextVar[Callable[[], None]] = ContextVar("on_progress", default=lambda: None)
# Mails that the steps of a dry run would have left for the step that sends them.
_mails_foretold: ContextVar[int] = ContextVar("foretold", default=0)


def run(
    day: date | None = None, *, dry_run: bool = False, on_progress: OnProgress = lambda step: None
) -> Iterator[Outcome]:
    """Carry out everything that is due on ``day``.

    Args:
        day: default: today in the shop's timezone.
        dry_run: yield the same outcomes as a run on ``day`` would, and do nothing. The answers
            of the provider and the mail server can't be foreseen.
        on_progress: called with the name of the step for each row that it reads.

    Yields:
        Each outcome as it happens. A row that fails is logged and reported; the others go on.
    """
    _mails_foretold.set(0)
    # Mails are sent by the last step: a slow mail server must not delay what is about money.
    with outbox.SENDER.held():
        for step in list(_STEPS):
            name = step.__name__.replace("_", " ")
            _on_progress.set(partial(on_progress, name))
            try:
                yield from step(day or conf.today(), dry_run)
            except Exception as error:
                logger.exception("Step %s failed", step.__name__)
                yield Outcome(f"{name}: {error}", failed=True)
    if not dry_run:
        checkpoints.touch(checkpoints.RUN)


def add_step(step: Step, before: Step | None = None, *, at_end: bool = False) -> Step:
    """Add ``step`` to every run; usable as a decorator. Added twice, it runs once.

    Args:
        before: a step added earlier, in front of which to run; default: run after those added
            earlier.
        at_end: stay behind the steps that are added later.

    Raises:
        ValueError: ``before`` was not added.
    """
    if step in _STEPS:
        return step
    if at_end:
        _AT_END.add(step)
        _STEPS.append(step)
    elif before is not None:
        _STEPS.insert(_STEPS.index(before), step)
    else:
        _STEPS.insert(sum(other not in _AT_END for other in _STEPS), step)
    return step


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
        _on_progress.get()()
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
        _on_progress.get()()


def mails_foretold() -> int:
    """Return how many mails the steps of a dry run would have written so far."""
    return _mails_foretold.get()


def carry_out_and_undo(action: Callable[[Row], object], row: Row) -> object:
    """Return what ``action`` returns for ``row``, and undo it; mails that it wrote are counted."""
    with transaction.atomic():
        before = outbox.waiting().count()
        done = action(row)
        _mails_foretold.set(_mails_foretold.get() + outbox.waiting().count() - before)
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

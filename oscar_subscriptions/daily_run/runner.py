"""What the calendar brings about: one run a day carries it out, and may be repeated at will.

A run only brings projections in line with the terms: nobody stays a seller because it did not
run, and nothing is lost when it dies midway. Other apps add their steps with :func:`add_step`.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from oscar_subscriptions import conf
from oscar_subscriptions.daily_run import checkpoints
from oscar_subscriptions.mail import outbox

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """One thing that a step did, or would do in a dry run.

    Attributes:
        message: one line for the operator.
        failed: whether it raised; the others went on.
    """

    message: str
    failed: bool = False


Step = Callable[[date, bool], Iterable[Outcome]]
# Called with the name of the step for each row that was looked at.
OnProgress = Callable[[str], None]

# Rows that are read at once: memory stays the same however many there are.
BATCH = 500

_STEPS: list[Step] = []

_on_progress: ContextVar[Callable[[], None]] = ContextVar("on_progress", default=lambda: None)
# E-mails that the steps of a dry run would have left to the step that sends them.
_mails_foretold: ContextVar[int] = ContextVar("foretold", default=0)


def run(
    day: date | None = None, *, dry_run: bool = False, on_progress: OnProgress = lambda step: None
) -> Iterator[Outcome]:
    """Carry out everything that is due on ``day``.

    Args:
        day: the day to live through; default: today in the shop's timezone.
        dry_run: tell, in the same lines, what a run on ``day`` would do, and do nothing. What
            others will answer can't be foreseen: a provider, a mail server.
        on_progress: called with the name of the step for each row it looks at, to show progress.

    Yields:
        What was done, while it is done. A row that fails is isolated, logged and reported.
    """
    _mails_foretold.set(0)
    for step in list(_STEPS):
        name = step.__name__.replace("_", " ")
        _on_progress.set(lambda name=name: on_progress(name))  # type: ignore[misc]
        try:
            yield from step(day or conf.today(), dry_run)
        except Exception as error:
            logger.exception("Step %s failed", step.__name__)
            yield Outcome(f"{name}: {error}", failed=True)
    if not dry_run:
        checkpoints.touch(checkpoints.RUN)


def add_step(step: Step, before: Step | None = None) -> Step:
    """Let every run also carry out ``step(day, dry_run)``; usable as a decorator.

    Steps run in the order in which they were added; adding one twice adds it once.

    Args:
        before: a step that is to come after it, instead of all others coming before it.
    """
    if step not in _STEPS:
        _STEPS.insert(len(_STEPS) if before is None else _STEPS.index(before), step)
    return step


def for_each_row(
    rows: Iterable[Any],
    action: Callable[[Any], Any],
    describe: Callable[[Any], str],
    dry_run: bool,
    *,
    carried_out_in_dry_run: bool = False,
) -> Iterator[Outcome]:
    """Do ``action`` for each row and say so; one poisoned row does not stop the others.

    Args:
        carried_out_in_dry_run: carry out ``action`` in a dry run too, and roll it back: it writes
            nothing but rows of the database, and only doing it tells whether it does anything.
    """
    for row in rows:
        _on_progress.get()()
        if dry_run and not carried_out_in_dry_run:
            yield Outcome(describe(row))
            continue
        try:
            done = _carry_out_and_undo(action, row) if dry_run else action(row)
        except Exception as error:
            logger.exception("%s failed", describe(row))
            yield Outcome(f"{describe(row)}: {error}", failed=True)
        else:
            if done:
                yield Outcome(describe(row))


def mails_foretold() -> int:
    """Return how many mails the steps of a dry run would have written so far."""
    return _mails_foretold.get()


def _carry_out_and_undo(action: Callable[[Any], Any], row: Any) -> Any:
    with transaction.atomic():
        before = outbox.due().count()
        done = action(row)
        _mails_foretold.set(_mails_foretold.get() + outbox.due().count() - before)
        transaction.set_rollback(True)
    return done


# A provider that is down is asked this often, not once for each of a thousand rows.
FAILURES_ALLOWED = 3


def with_circuit_breaker(
    action: Callable[[Any], Any], silence: type[Exception]
) -> Callable[[Any], Any]:
    """Wrap ``action`` so that it is skipped after it raised ``silence`` ``FAILURES_ALLOWED`` times
    in a row."""
    silent = 0

    def ask(row: Any) -> Any:
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


def in_batches(rows: Any) -> Iterator[Any]:
    """Yield the rows of a queryset in the order of their primary keys, ``BATCH`` at a time.

    Each batch is asked for when the one before is done, so that rows which the work takes out of
    the queryset do not shift the others, and a million of them fit in memory.
    """
    last = None
    while True:
        batch = rows.order_by("pk") if last is None else rows.order_by("pk").filter(pk__gt=last)
        batch = list(batch[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1].pk

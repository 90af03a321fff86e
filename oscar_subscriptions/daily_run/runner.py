"""The daily run: do everything that a date makes due. It may be repeated, or die midway.

A run only brings projections in line with the terms: a term ends on time without it. Other apps
add steps with :func:`add_step`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial

from oscar_subscriptions import conf
from oscar_subscriptions.daily_run import checkpoints, sharing, work
from oscar_subscriptions.daily_run.work import Outcome as Outcome
from oscar_subscriptions.mail import outbox

logger = logging.getLogger(__name__)


# Takes the day, in the shop's timezone, and whether this is a dry run.
Step = Callable[[date, bool], Iterable[Outcome]]
# Called with the name of the step for each row that it reads.
OnProgress = Callable[[str], None]

_STEPS: list[Step] = []
# Those that stay behind all others.
_AT_END: set[Step] = set()


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
    work.forget_foretold()
    for name, step in steps().items():
        work.ON_PROGRESS.set(partial(on_progress, name.replace("_", " ")))
        try:
            yield from run_step(step, day, dry_run=dry_run)
        except Exception as error:
            yield failure(name, error)
    if not dry_run:
        checkpoints.touch(checkpoints.RUN)


def run_step(
    step: Step,
    day: date | None = None,
    keys: sharing.KeyRange = sharing.EVERYTHING,
    *,
    dry_run: bool = False,
) -> Iterator[Outcome]:
    """Carry out one step of a run; what it raises goes to the caller.

    Args:
        day: default: today in the shop's timezone.
        keys: restricts a step that is declared with ``sharing.shared_out``.

    Yields:
        As :func:`run`. The mails that it writes stay in the outbox.
    """
    part = step if keys == sharing.EVERYTHING else sharing.restricted(step, keys)
    # Mails are sent by the last step: a slow mail server must not delay what is about money.
    with outbox.SENDER.held():
        yield from part(day or conf.today(), dry_run)


def failure(name: str, error: Exception) -> Outcome:
    """Log the exception that is being handled, which the step ``name`` raised, and return it as an
    outcome."""
    logger.exception("Step %s failed", name)
    return Outcome(f"{name.replace('_', ' ')}: {error}", failed=True)


def steps() -> dict[str, Step]:
    """Return the steps in the order in which they run, by name; behind the second of a name stands
    its place."""
    named: dict[str, Step] = {}
    for place, step in enumerate(_STEPS, 1):
        name = step.__name__
        named[name if name not in named else f"{name} {place}"] = step
    return named


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

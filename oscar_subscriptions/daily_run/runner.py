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
from oscar_subscriptions.daily_run import checkpoints, work
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
    # Mails are sent by the last step: a slow mail server must not delay what is about money.
    with outbox.SENDER.held():
        for step in list(_STEPS):
            name = step.__name__.replace("_", " ")
            work.ON_PROGRESS.set(partial(on_progress, name))
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

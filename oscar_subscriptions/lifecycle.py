"""What the calendar brings about: one run a day carries it out, and may be repeated at will.

A run only brings projections in line with the terms: nobody stays a seller because it did not
run, and nothing is lost when it dies midway. Other apps add their steps with :func:`add_step`.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from oscar_subscriptions import conf, listings, notifications

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


def run(day: date | None = None, *, dry_run: bool = False) -> Iterator[Outcome]:
    """Carry out everything that is due on ``day``.

    Args:
        day: the day to live through; default: today in the shop's timezone.
        dry_run: tell what would be done and do nothing.

    Yields:
        What was done, while it is done. A row that fails is isolated, logged and reported.
    """
    for step in list(_STEPS):
        try:
            yield from step(day or conf.today(), dry_run)
        except Exception as error:
            logger.exception("Step %s failed", step.__name__)
            yield Outcome(f"{step.__name__}: {error}", failed=True)


def add_step(step: Step) -> Step:
    """Let every run also carry out ``step(day, dry_run)``; usable as a decorator.

    Steps run in the order in which they were added; adding one twice adds it once.
    """
    if step not in _STEPS:
        _STEPS.append(step)
    return step


def each(
    rows: Iterable[Any], action: Callable[[Any], Any], describe: Callable[[Any], str], dry_run: bool
) -> Iterator[Outcome]:
    """Do ``action`` for each row and say so; one poisoned row does not stop the others."""
    for row in list(rows):
        if dry_run:
            yield Outcome(describe(row))
            continue
        try:
            done = action(row)
        except Exception as error:
            logger.exception("%s failed", describe(row))
            yield Outcome(f"{describe(row)}: {error}", failed=True)
        else:
            if done:
                yield Outcome(describe(row))


def park_lapsed_sellers(day: date, dry_run: bool) -> Iterator[Outcome]:
    """Take the services of sellers without a term on ``day`` out of the shop."""
    yield from each(
        listings.to_park(day),
        lambda seller: listings.park(seller, day),
        lambda seller: f"services of {seller} parked",
        dry_run,
    )


def restore_returned_sellers(day: date, dry_run: bool) -> Iterator[Outcome]:
    """Bring back the parked services of sellers whose term covers ``day``."""
    yield from each(
        listings.to_restore(day),
        lambda seller: listings.restore(seller, day),
        lambda seller: f"services of {seller} back in the shop",
        dry_run,
    )


def send_notifications(day: date, dry_run: bool) -> Iterator[Outcome]:
    """Send what is due in the outbox."""
    if dry_run:
        due = notifications.count_due()
        if due:
            yield Outcome(f"{due} e-mails to send")
        return
    sent = notifications.send_due()
    if sent:
        yield Outcome(f"{sent} e-mails sent")
    failed = notifications.count_due()
    if failed:
        yield Outcome(f"{failed} e-mails could not be sent", failed=True)


_STEPS: list[Step] = [park_lapsed_sellers, restore_returned_sellers, send_notifications]

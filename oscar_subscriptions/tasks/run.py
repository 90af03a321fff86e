"""The tasks of a run: one step after the other, and a large one by many workers at once.

A worker may be killed at any moment, and its message is delivered again; Redis also does so with a
message that a living worker has had for long. So everything here may happen twice, at the same time
too. Each row is worked on once all the same, which is the steps' own doing; that a run goes on in
one place only is ``_go_on``'s. What is lost beyond that is done by the next run.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from celery import Task, shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from oscar_subscriptions.daily_run import checkpoints, runner, sharing
from oscar_subscriptions.loading import registered
from oscar_subscriptions.transactions import for_update, is_database_failure, transactional

logger = logging.getLogger(__name__)

TRIES = 5
OPTIONS = {
    "bind": True,
    "ignore_result": True,
    # A message counts as done when its work is, and is given back if its worker dies.
    "acks_late": True,
    "reject_on_worker_lost": True,
    # A share that kills its worker each time must not do so for ever.
    "retry_on_worker_lost": True,
    # Nothing else that a step raises is better a minute later. The first pause has at most 5
    # seconds, and each of the next twice as many.
    "autoretry_for": (OperationalError, InterfaceError),
    "retry_backoff": 5,
    "default_retry_delay": 5,
    "max_retries": TRIES,
}

_NEVER = datetime.fromtimestamp(0, UTC)


@shared_task(name="oscar_subscriptions.tasks.daily_run", **OPTIONS)
def daily_run(task: Task) -> None:
    """Start a run: what ``manage.py subscriptions_run`` does, carried out by the workers."""
    run_steps.delay(list(runner.steps()), timezone.now().isoformat())


@shared_task(name="oscar_subscriptions.tasks.run_steps", **OPTIONS)
def run_steps(task: Task, names: list[str], begun: str) -> None:
    """Carry out the first of some steps, then start a task for the others. Without any, write down
    that the run is over.

    A step that fails is logged and stops no other. If the database fails, Celery tries it again.

    Args:
        names: of the steps that are left.
        begun: when the run began, in ISO format; tells one run from another.
    """
    if not names:
        checkpoints.touch(checkpoints.RUN)
        return
    if _count_reached([_mark(names)], begun):
        return  # delivered again, or overtaken by a later run
    with _isolated(task, names[0]):
        shares = sharing.shares(runner.steps().get(names[0]))
        if len(shares) > 1:
            for number, keys in enumerate(shares):
                run_share.delay(names, begun, number, len(shares), *keys)
            return
        _carry_out(names[0], sharing.EVERYTHING)
    _go_on(names, begun)


@shared_task(name="oscar_subscriptions.tasks.run_share", **OPTIONS)
def run_share(
    task: Task,
    names: list[str],
    begun: str,
    number: int,
    shares: int,
    after: int,
    until: int | None,
) -> None:
    """Carry out the first of some steps for a range of primary keys; if that was the last share,
    start the others.

    Args:
        names: as for :func:`run_steps`.
        begun: as for :func:`run_steps`.
        number: of the share, from 0.
        shares: how many there are.
        after: the range begins behind this key.
        until: the last key; ``None``: no end.
    """
    marks = [_mark(names, each) for each in range(shares)]
    if not _count_reached([_mark(names), marks[number]], begun):
        with _isolated(task, names[0]):
            _carry_out(names[0], sharing.KeyRange(after, until))
        checkpoints.reach(marks[number], datetime.fromisoformat(begun))
    # Of several that end together, the one that has written last sees all.
    if _count_reached(marks, begun) == shares:
        _go_on(names, begun)


@contextmanager
def _isolated(task: Task, name: str) -> Iterator[None]:
    """Log what the step ``name`` raises, so that it stops no other; a failure of the database goes
    on to Celery, which tries again, as long as tries are left."""
    try:
        yield
    except Exception as error:
        if is_database_failure(error) and task.request.retries < TRIES:
            raise
        runner.failure(name, error)


def _carry_out(name: str, keys: sharing.KeyRange) -> None:
    step = runner.steps().get(name)
    if step is None:
        logger.error("Step %s is not known here: are all workers of one version?", name)
        return
    for outcome in runner.run_step(step, keys=keys):
        logger.log(logging.WARNING if outcome.failed else logging.INFO, outcome.message)


@transactional
def _go_on(names: list[str], begun: str) -> None:
    """Start the steps behind ``names[0]``, unless that has happened in this run or a later one.

    Started before that is written down: a worker that dies in between starts them twice, rather
    than never.
    """
    rows = registered.Checkpoint.objects
    rows.get_or_create(name=_mark(names), defaults={"at": _NEVER})
    mark = for_update(rows.all()).get(name=_mark(names))
    if mark.at < datetime.fromisoformat(begun):
        run_steps.delay(names[1:], begun)
        checkpoints.reach(mark.name, datetime.fromisoformat(begun))


def _count_reached(marks: list[str], begun: str) -> int:
    return registered.Checkpoint.objects.filter(name__in=marks, at__gte=begun).count()


def _mark(names: list[str], number: int | None = None) -> str:
    """The name of the checkpoint of a whole step, or of one share: the run that has done it."""
    # Names of checkpoints have 64 characters.
    return f"task {'' if number is None else f'{number} '}of {names[0]}"[:64]

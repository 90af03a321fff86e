"""The doctor, with and without questions to the provider."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from typing import Any

from django.core.management import CommandError, call_command, load_command_class

from benchmarks import meter
from benchmarks.tasks import provider
from benchmarks.tasks.counting import peak_memory

COMMAND = "subscriptions_doctor"
OPTION = "--no-provider"
PATIENCE = 60
# Examinations that ask the provider, for a package whose command does not know the option.
_ASKING = {"provider_and_attempts", "sessions_at_the_provider"}


class _Enough(BaseException):
    """No ``Exception``: the doctor reports those and goes on."""


def knows_option() -> bool:
    """Return whether the command can be told to leave the provider alone."""
    command = load_command_class("oscar_subscriptions", COMMAND)
    return OPTION in command.create_parser("manage.py", COMMAND).format_help()


def questions() -> int:
    """Return how many questions one examination asks the provider, as far as it comes in
    ``PATIENCE`` seconds of this process's CPU."""
    provider.connect()
    with provider.counted() as asked, suppress(CommandError, _Enough), _interrupted(PATIENCE):
        call_command(COMMAND, stdout=StringIO(), stderr=StringIO())
    return len(asked)


def examine(seconds: int) -> dict[str, Any]:
    """Return the CPU of one examination without the provider, its peak memory in MB and what it
    said last. It is ended after ``seconds`` of this process's CPU."""
    said = StringIO()
    arguments = [OPTION] if knows_option() else []
    if not arguments:
        _leave_out_what_asks()
    is_done = True
    with meter.statements() as found:
        clock = meter.Clock()
        try:
            with suppress(CommandError), _interrupted(seconds):
                call_command(COMMAND, *arguments, stdout=said, stderr=said)
        except _Enough:
            is_done = False
        cost = clock.read()
    return {
        **cost,
        "statements": len(found.data),
        "peak": peak_memory(),
        "is_done": is_done,
        "said": said.getvalue().strip().splitlines()[-3:],
    }


@contextmanager
def _interrupted(seconds: int) -> Iterator[None]:
    """Raise ``_Enough`` in the block after so much CPU of this process."""

    def stop(signum: int, frame: object) -> None:
        raise _Enough

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _leave_out_what_asks() -> None:
    from oscar_subscriptions.daily_run import doctor

    for examination in list(doctor._EXAMINATIONS):
        if examination.__name__ in _ASKING:
            doctor._EXAMINATIONS.remove(examination)

"""The doctor without questions to the provider."""

from __future__ import annotations

from contextlib import suppress
from io import StringIO
from typing import Any

from django.core.management import CommandError, call_command, load_command_class

from benchmarks import meter

COMMAND = "subscriptions_doctor"
OPTION = "--no-provider"
# Examinations that ask the provider, for a package whose command does not know the option.
_ASKING = {"provider_and_attempts", "sessions_at_the_provider"}


def knows_option() -> bool:
    """Return whether the command can be told to leave the provider alone."""
    command = load_command_class("oscar_subscriptions", COMMAND)
    return OPTION in command.create_parser("manage.py", COMMAND).format_help()


def examine() -> dict[str, Any]:
    """Return the CPU of one examination, its peak memory in MB and what it said last."""
    from benchmarks.tasks.counting import peak_memory

    said = StringIO()
    arguments = [OPTION] if knows_option() else []
    if not arguments:
        _leave_out_what_asks()
    with meter.statements() as found:
        clock = meter.Clock()
        with suppress(CommandError):
            call_command(COMMAND, *arguments, stdout=said, stderr=said)
        cost = clock.read()
    lines = said.getvalue().strip().splitlines()
    return {**cost, "statements": len(found.data), "peak": peak_memory(), "said": lines[-3:]}


def _leave_out_what_asks() -> None:
    from oscar_subscriptions.daily_run import doctor

    for examination in list(doctor._EXAMINATIONS):
        if examination.__name__ in _ASKING:
            doctor._EXAMINATIONS.remove(examination)

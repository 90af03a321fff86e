"""The progress of a command, shown on a terminal only, so that cron mails nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def shown(verbosity: int) -> Iterator[tuple[Callable[[str], None], Callable[[], object]]]:
    """Show a line with the current step and a count of rows while the block runs.

    Args:
        verbosity: Django's; 0 shows nothing.

    Yields:
        Two functions: ``watch(step)`` counts one row of a step; ``clear()`` clears the line for
        output, and it comes back with the next row.
    """
    # disable=None: shown only where standard error is a terminal.
    silent = None if verbosity else True
    with tqdm(unit=" rows", leave=False, disable=silent, file=sys.stderr) as line:

        def watch(step: str) -> None:
            line.set_description(step, refresh=False)
            line.update()

        yield watch, line.clear

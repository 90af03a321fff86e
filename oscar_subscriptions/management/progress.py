"""How far a command has come, for whoever watches it on a terminal; nothing in cron's mail."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm


@contextmanager
def shown(verbosity: int) -> Iterator[tuple[Callable[[str], None], Callable[[], Any]]]:
    """Show a line with the current step and a count while the block runs.

    Yields:
        Two functions: ``watch(step)`` counts one row of a step; ``clear()`` makes room for a line
        of output.
    """
    # disable=None: only where standard error is a terminal.
    silent = None if verbosity else True
    with tqdm(unit=" rows", leave=False, disable=silent, file=sys.stderr) as line:

        def watch(step: str) -> None:
            line.set_description(step, refresh=False)
            line.update()

        yield watch, line.clear

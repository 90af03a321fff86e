"""The stories, in the order in which they run."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module

from benchmarks.bench import Bench
from benchmarks.goals import Figure

Story = Callable[[Bench], Iterator[Figure]]

# What writes comes after what only reads.
ORDER = (
    "access",
    "pages",
    "saving",
    "dashboard",
    "doctor",
    "run",
    "expiry",
    "purchase",
    "payments",
    "webhooks",
)

_STORIES: dict[str, list[Story]] = {}


def story(group: str) -> Callable[[Story], Story]:
    """Add a function to ``group``; a decorator."""

    def add(function: Story) -> Story:
        _STORIES.setdefault(group, []).append(function)
        return function

    return add


def groups() -> list[str]:
    """Return the names of all groups."""
    return list(_STORIES)


def measure(bench: Bench) -> Iterator[Figure]:
    """Yield the figures of the groups that the options ask for."""
    for group, stories in _STORIES.items():
        if group not in bench.options.only:
            continue
        started = time.monotonic()
        for one in stories:
            try:
                yield from one(bench)
            except Exception as error:
                reason = f"{type(error).__name__}: {error}"
                yield Figure(group, one.__name__.replace("_", " "), 0, 0.0, "", error=reason)
        seconds = time.monotonic() - started
        print(f"bench: {group} took {seconds:.0f} s", file=sys.stderr, flush=True)


def load() -> None:
    """Import all modules with stories, in the order in which they run."""
    for name in ORDER:
        import_module(f"benchmarks.figures.{name}")

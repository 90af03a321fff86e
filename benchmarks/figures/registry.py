"""The stories, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.bench import Bench
from benchmarks.goals import Figure

Story = Callable[[Bench], Iterator[Figure]]

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
        for one in stories:
            try:
                yield from one(bench)
            except Exception as error:
                reason = f"{type(error).__name__}: {error}"
                yield Figure(group, one.__name__.replace("_", " "), 0, 0.0, "", error=reason)


def load() -> None:
    """Import all modules with stories."""
    from benchmarks.figures import (  # noqa: F401
        access,
        dashboard,
        doctor,
        expiry,
        pages,
        payments,
        purchase,
        run,
        saving,
        webhooks,
    )

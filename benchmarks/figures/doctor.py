"""The doctor in a large shop, without the provider."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.figures.registry import story
from benchmarks.goals import Figure, at_least, at_most

GROUP = "doctor"
SECONDS = 30


@story(GROUP)
def doctor(bench: Bench) -> Iterator[Figure]:
    """CPU of everything that asks the database alone, and whether the provider can be left out."""
    size = bench.options.sizes[0] if bench.options.is_quick else bench.options.up_to(100_000)[-1]
    knows = bench.call("ours", size, "tasks.doctoring:knows_option")
    goal = at_least(1, "option")
    yield Figure(GROUP, "options that leave the provider out", 0, float(knows), "", goal)
    found = bench.call("ours", size, "tasks.doctoring:examine")
    yield Figure(
        GROUP,
        "examination without the provider, CPU",
        size,
        found["client"] + found["server"],
        "s",
        at_most(SECONDS, "s"),
        note=f"{found['statements']} statements; " + "; ".join(found["said"])[:200],
    )

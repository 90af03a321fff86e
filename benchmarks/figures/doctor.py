"""The doctor in a large shop."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.figures.registry import story
from benchmarks.goals import Figure, at_least, at_most

GROUP = "doctor"
SECONDS = 30
# It is ended after twice as many of the shop's own CPU.
MOST_SECONDS = 2 * SECONDS
# A thousand payments, with three questions about each.
QUESTIONS = 3000


@story(GROUP)
def without_provider(bench: Bench) -> Iterator[Figure]:
    """CPU of everything that asks the database alone, and whether the provider can be left out."""
    size = bench.options.sizes[0] if bench.options.is_quick else bench.options.up_to(100_000)[-1]
    knows = bench.call("ours", size, "tasks.doctoring:knows_option")
    goal = at_least(1, "option")
    yield Figure(GROUP, "options that leave the provider out", 0, float(knows), "", goal)
    found = bench.call("ours", size, "tasks.doctoring:examine", seconds=MOST_SECONDS)
    ended = "" if found["is_done"] else "ended before it was done; "
    yield Figure(
        GROUP,
        "examination without the provider, CPU",
        size,
        found["client"] + found["server"],
        "s",
        at_most(SECONDS, "s"),
        note=f"{ended}{found['statements']:,} statements, {found['peak']:.0f} MB",
    )
    # The next worker has all examinations again.
    bench.anew("ours", size)


@story(GROUP)
def questions(bench: Bench) -> Iterator[Figure]:
    """How many questions to the provider one examination asks."""
    if bench.options.is_quick:
        return
    sizes = bench.options.up_to(10_000)
    count = bench.call("ours", sizes[-1], "tasks.doctoring:questions")
    goal = at_most(QUESTIONS, "questions")
    note = "ended after 60 s of CPU, if there were more"
    yield Figure(GROUP, "questions to the provider", sizes[-1], count, "", goal, note=note)

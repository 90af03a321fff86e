"""The daily run: nothing due, lapses, returns, reminders, memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.bench import Bench
from benchmarks.figures.comparing import beside_peer, counted, grown, told, totals, whole_tables
from benchmarks.figures.registry import story
from benchmarks.goals import Figure, at_most
from benchmarks.sampling import summarise

GROUP = "run"
RUN = "tasks.runs:run"
NOTHING = "0 done, 0 failed"
# What is asked for in a shop of at least ten times as many; CPU seconds for a tenth of them.
MANY, TOO_LONG = 10_000, 10
# Memory that a run may need more than one with nothing to do, in MB.
MEMORY = 50


@story(GROUP)
def nothing_due(bench: Bench) -> Iterator[Figure]:
    """A run with nothing due costs the same in every shop."""
    counts: dict[int, int] = {}
    for size in bench.options.sizes:
        first = bench.call("ours", size, RUN)
        if first["said"] != NOTHING:
            raise ValueError(f"something was due at {size}: {first['said']}")
        samples = [bench.call("ours", size, RUN) for _ in range(5)]
        counts[size] = samples[-1]["statements"]
        yield told(GROUP, "nothing due, CPU", size, samples)
        yield counted(GROUP, "nothing due, statements", size, counts[size], None)
    more = max(counts.values()) - min(counts.values())
    title = "nothing due, statements that a larger shop asks more"
    yield counted(GROUP, title, 0, more, at_most(0, "statements"))
    calls = {size: (RUN, {}) for size in bench.options.sizes if size >= 10_000}
    if len(calls) > 1:
        yield grown(bench, GROUP, "nothing due", calls, at_most(1.2, "×"), 5)


@story(GROUP)
def plans_of_a_run(bench: Bench) -> Iterator[Figure]:
    """No statement of a run reads a whole large table."""
    size = bench.options.up_to(100_000)[-1]
    found = bench.call("ours", size, "tasks.runs:whole_tables")
    title = "nothing due, statements that read whole tables"
    yield whole_tables(GROUP, title, size, found, at_most(0, "statements"))


@story(GROUP)
def lapses_and_returns(bench: Bench) -> Iterator[Figure]:
    """So many lapses, then so many returns, cost the same in every shop."""
    count = lapses_of(bench)
    sizes = [size for size in bench.options.sizes if size >= 10_000]
    found: dict[str, dict[int, list[dict[str, Any]]]] = {"lapses": {}, "returns": {}}
    for _ in range(1 if bench.options.is_quick else 3):
        for size in sizes:
            for kind, sample in _there_and_back(bench, size, count):
                found[kind].setdefault(size, []).append(sample)
                if kind == "lapses":
                    bench.lapses[size] = totals([sample])[0]
    for kind, by_size in found.items():
        for size, samples in by_size.items():
            each = summarise([one["statements"] for one in samples]).median / count
            yield told(GROUP, f"{count:,} {kind}, CPU", size, samples)
            yield counted(GROUP, f"{count:,} {kind}, statements each", size, each, None)
        for size in sizes[1:]:
            title = f"{count:,} {kind}, CPU beside {sizes[0]:,}"
            goal = at_most(1.3, "×")
            yield beside_peer(GROUP, title, size, by_size[size], by_size[sizes[0]], goal)


def lapses_of(bench: Bench) -> int:
    """Return how many lapses are compared between sizes."""
    return 100 if bench.options.is_quick else 1000


def _there_and_back(bench: Bench, size: int, count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Let members lapse and return; yield the samples of both."""
    for kind, make in (("lapses", "lapse"), ("returns", "come_back")):
        bench.call("ours", size, f"tasks.due:{make}", size=size, count=count)
        sample = bench.call("ours", size, RUN)
        expect(sample, count)
        yield kind, sample


def many(bench: Bench, size: int) -> tuple[int, str]:
    """Return how many lapses are many, and why they are fewer than ``MANY`` if they are.

    A package that needs ``TOO_LONG`` for a tenth of them is not asked for all.
    """
    few = lapses_of(bench)
    if bench.options.is_quick or size < 10 * MANY:
        return few, ""
    if size not in bench.lapses:
        samples = dict(_there_and_back(bench, size, few))
        bench.lapses[size] = totals([samples["lapses"]])[0]
    seconds = bench.lapses[size]
    if seconds <= TOO_LONG:
        return MANY, ""
    return few, f"{MANY:,} left out, because {few:,} took {seconds:.0f} s"


def expect(sample: dict[str, Any], count: int) -> None:
    """Check that a run did ``count`` things and failed at none.

    Raises:
        ValueError: it did something else.
    """
    done, failed = (int(word.split()[0]) for word in sample["said"].split(", "))
    if failed or not count <= done <= count + 2:
        raise ValueError(f"{count} were due, the run said: {sample['said']}")


@story(GROUP)
def reminders(bench: Bench) -> Iterator[Figure]:
    """Reminders, written and sent."""
    size = bench.options.up_to(100_000)[-1]
    count = lapses_of(bench)
    idle = bench.call("ours", size, RUN)
    bench.call("ours", size, "tasks.due:remind", size=size, count=count, skip=count)
    sample = bench.call("ours", size, RUN)
    bench.call("ours", size, "tasks.due:come_back", size=size, count=count, skip=count)
    expect(sample, count)
    each = (sample["statements"] - idle["statements"]) / count
    yield counted(
        GROUP, f"{count:,} reminders, statements each", size, each, at_most(6, "statements")
    )
    cost = totals([sample])[0] - totals([idle])[0]
    yield Figure(GROUP, f"{count:,} reminders, CPU each", size, cost / count * 1000, "ms")


@story(GROUP)
def memory(bench: Bench) -> Iterator[Figure]:
    """The most memory that a run needs more when much is due."""
    size = bench.options.up_to(100_000)[-1]
    count, note = many(bench, size)
    bench.anew("ours", size)
    idle = bench.call("ours", size, RUN)
    bench.call("ours", size, "tasks.due:lapse", size=size, count=count)
    try:
        sample = bench.call("ours", size, RUN)
        expect(sample, count)
    finally:
        bench.call("ours", size, "tasks.due:come_back", size=size, count=count)
    bench.call("ours", size, RUN)
    more = sample["peak"] - idle["peak"]
    goal = at_most(MEMORY, "MB")
    yield Figure(GROUP, f"{count:,} lapses, memory more", size, more, "MB", goal, note=note)


@story(GROUP)
def beside_raw_sql(bench: Bench) -> Iterator[Figure]:
    """Many lapses and returns, beside SQL that writes the same rows."""
    size = bench.options.up_to(100_000)[-1]
    count, left_out = many(bench, size)
    sides = {"ours": RUN, "sql": ""}
    raw = {"lapse": "tasks.runs:park_with_sql", "come_back": "tasks.runs:restore_with_sql"}
    found: dict[str, dict[str, list[dict[str, Any]]]] = {
        kind: {side: [] for side in sides} for kind in raw
    }
    for _ in range(1 if bench.options.is_quick or left_out else 2):
        for side in sides:
            for kind, task in raw.items():
                bench.call("ours", size, f"tasks.due:{kind}", size=size, count=count)
                found[kind][side].append(bench.call("ours", size, sides[side] or task))
    for kind, words in (("lapse", "lapses"), ("come_back", "returns")):
        ours, theirs = found[kind]["ours"], found[kind]["sql"]
        yield beside_peer(
            GROUP,
            f"{count:,} {words}, CPU",
            size,
            ours,
            theirs,
            at_most(5, "×", "SQL that writes the same rows"),
            note=f"rows written: {ours[0]['rows']:,} and {theirs[0]['rows']:,}"
            f"{left_out and '; '}{left_out}",
        )

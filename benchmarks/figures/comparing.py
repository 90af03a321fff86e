"""Figures from samples: statements, CPU beside a peer's, the same at two sizes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmarks.bench import Bench
from benchmarks.goals import Figure, Goal
from benchmarks.sampling import paired_ratio, summarise

Samples = list[dict[str, float]]
# A task and its arguments.
Call = tuple[str, dict[str, Any]]


def totals(samples: Samples) -> list[float]:
    """Return the seconds of client and server of each sample together."""
    return [sample["client"] + sample["server"] for sample in samples]


def beside_peer(
    group: str,
    name: str,
    size: int,
    ours: Samples,
    peers: Samples,
    goal: Goal | None,
    *,
    note: str = "",
) -> Figure:
    """Return the CPU of ours as a multiple of the peer's, from samples taken in turn."""
    our, their = totals(ours), totals(peers)
    summary = summarise(our)
    return Figure(
        group,
        name,
        size,
        paired_ratio(our, their),
        "×",
        goal,
        ours=summary.median * 1000,
        peer=summarise(their).median * 1000,
        of="ms",
        noise=summary.noise,
        minimum=summary.minimum * 1000,
        note=note,
    )


def told(group: str, name: str, size: int, samples: Samples, goal: Goal | None = None) -> Figure:
    """Return the CPU itself in ms."""
    summary = summarise(totals(samples))
    return Figure(
        group,
        name,
        size,
        summary.median * 1000,
        "ms",
        goal,
        noise=summary.noise,
        minimum=summary.minimum * 1000,
    )


def grown(
    bench: Bench, group: str, name: str, calls: dict[int, Call], goal: Goal, rounds: int = 0
) -> Figure:
    """Return the CPU in the largest shop as a multiple of that in the smallest, asked in turn.

    Args:
        calls: by size the task and its arguments, of our side.
    """
    small, large = min(calls), max(calls)
    samples = bench.in_turn(
        {f"{size}": ("ours", size, *calls[size]) for size in (small, large)}, rounds
    )
    name = f"{name}, CPU beside {small:,}"
    return beside_peer(group, name, large, samples[f"{large}"], samples[f"{small}"], goal)


def counted(
    group: str, name: str, size: int, count: float, goal: Goal | None, *, note: str = ""
) -> Figure:
    """Return a number of statements."""
    return Figure(group, name, size, count, "statements", goal, note=note)


def whole_tables(
    group: str, name: str, size: int, found: Iterable[Any], goal: Goal | None
) -> Figure:
    """Return how many statements read a whole large table; the note names tables and statements."""
    rows = [tuple(one) for one in found]
    note = "; ".join(f"{table}: {sql[:120]}" for table, sql in rows[:3])
    return Figure(group, name, size, len(rows), "statements", goal, note=note)

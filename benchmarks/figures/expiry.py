"""Lapses beside the expiry of other packages, for each row that is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.bench import Bench
from benchmarks.figures.comparing import totals
from benchmarks.figures.registry import story
from benchmarks.figures.run import RUN, expect, lapses_of
from benchmarks.goals import Figure, at_least
from benchmarks.sampling import paired_ratio, summarise

GROUP = "expiry"
PEERS = {"plans": ("django-plans", 2.0), "flexible": ("django-flexible-subscriptions", 15.0)}


@story(GROUP)
def beside_plans(bench: Bench) -> Iterator[Figure]:
    """Beside django-plans."""
    yield from _beside(bench, "plans")


@story(GROUP)
def beside_flexible(bench: Bench) -> Iterator[Figure]:
    """Beside django-flexible-subscriptions."""
    yield from _beside(bench, "flexible")


def _beside(bench: Bench, side: str) -> Iterator[Figure]:
    size = bench.options.up_to(100_000)[-1]
    bench.filled(side, size)
    count = lapses_of(bench)
    words, times = PEERS[side]
    # Ours parks, then restores: both write rows.
    samples: dict[str, list[dict[str, Any]]] = {"lapses": [], "returns": [], "peer": []}
    for number in range(2 if bench.options.is_quick else 3):
        for kind, make in (("lapses", "lapse"), ("returns", "come_back")):
            bench.call("ours", size, f"tasks.due:{make}", size=size, count=count)
            samples[kind].append(bench.call("ours", size, RUN))
            expect(samples[kind][-1], count)
        bench.call(side, size, f"peers.{side}:make_due", count=count, skip=number * count)
        samples["peer"].append(bench.call(side, size, f"peers.{side}:expire"))
    peers = _each_row(samples["peer"])
    for kind in ("lapses", "returns"):
        ours = _each_row(samples[kind])
        yield Figure(
            GROUP,
            f"{count:,} {kind}, rows per second of CPU beside {words}",
            size,
            paired_ratio(peers, ours),
            "×",
            at_least(times, "×", f"{words}'s expiry"),
            ours=summarise(ours).median * 1000,
            peer=summarise(peers).median * 1000,
            of="ms a row",
            note=f"rows written: {samples[kind][0]['rows']:,} and {samples['peer'][0]['rows']:,}; "
            f"{words} asks {samples['peer'][0]['statements'] / count:.1f} statements each",
        )


def _each_row(samples: list[dict[str, Any]]) -> list[float]:
    return [cost / one["rows"] for cost, one in zip(totals(samples), samples, strict=True)]

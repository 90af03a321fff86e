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
from benchmarks.workers import TaskError

GROUP = "expiry"
PEERS = {"plans": ("django-plans", 2.0), "flexible": ("django-flexible-subscriptions", 15.0)}


@story(GROUP)
def expiry(bench: Bench) -> Iterator[Figure]:
    """Lapses and returns in turn with the expiry of both peers."""
    size = bench.options.up_to(100_000)[-1]
    count = lapses_of(bench)
    samples: dict[str, list[dict[str, Any]]] = {}
    errors: dict[str, str] = {}
    for side in PEERS:
        try:
            bench.filled(side, size)
        except TaskError as error:
            errors[side] = str(error)
    for number in range(1 if bench.options.is_quick else 3):
        # Ours parks, then restores: both write rows.
        for kind, make in (("lapses", "lapse"), ("returns", "come_back")):
            bench.call("ours", size, f"tasks.due:{make}", size=size, count=count)
            sample = bench.call("ours", size, RUN)
            expect(sample, count)
            samples.setdefault(kind, []).append(sample)
        for side in PEERS.keys() - errors.keys():
            bench.call(side, size, f"peers.{side}:make_due", count=count, skip=number * count)
            samples.setdefault(side, []).append(bench.call(side, size, f"peers.{side}:expire"))
    for side, (words, _) in PEERS.items():
        if side in errors:
            yield Figure(GROUP, f"beside {words}", size, 0.0, "", error=errors[side])
            continue
        for kind in ("lapses", "returns"):
            yield _beside(f"{count:,} {kind}", side, size, samples[kind], samples[side], count)


def _beside(
    what: str,
    side: str,
    size: int,
    our_samples: list[dict[str, Any]],
    peer_samples: list[dict[str, Any]],
    count: int,
) -> Figure:
    words, times = PEERS[side]
    ours, peers = _each_row(our_samples), _each_row(peer_samples)
    asked = peer_samples[0]["statements"] / count
    return Figure(
        GROUP,
        f"{what}, rows per second of CPU beside {words}",
        size,
        paired_ratio(peers, ours),
        "×",
        at_least(times, "×", f"the expiry of {words}"),
        ours=summarise(ours).median * 1000,
        peer=summarise(peers).median * 1000,
        of="ms a row",
        note=f"rows written: {our_samples[0]['rows']:,} and {peer_samples[0]['rows']:,}; "
        f"{words} asks {asked:.1f} statements each",
    )


def _each_row(samples: list[dict[str, Any]]) -> list[float]:
    return [cost / one["rows"] for cost, one in zip(totals(samples), samples, strict=True)]

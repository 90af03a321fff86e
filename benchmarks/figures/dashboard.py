"""The operators' list at a large size beside the same list at a small one."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.figures.comparing import beside_peer, whole_tables
from benchmarks.figures.registry import story
from benchmarks.goals import Figure, at_most

GROUP = "dashboard"


@story(GROUP)
def dashboard(bench: Bench) -> Iterator[Figure]:
    """CPU of the list and of each of its filters."""
    small, large = min(bench.options.sizes), max(bench.options.sizes)
    found = bench.call("ours", large, "tasks.dashboards:whole_tables", size=large, query={})
    yield whole_tables(GROUP, "list, statements that read whole tables", large, found, None)
    sizes = dict.fromkeys((small, large))
    views = {size: bench.call("ours", size, "tasks.dashboards:views", size=size) for size in sizes}
    for name in views[small]:
        calls = {
            f"{size}": (
                "ours",
                size,
                "tasks.dashboards:cost",
                {"size": size, "query": views[size][name], "times": 1},
            )
            for size in sizes
        }
        bench.in_turn(calls, 1)
        samples = bench.in_turn(calls, 3 if bench.options.is_quick else 5)
        goal = at_most(3, "×", f"its CPU at {small:,}")
        if name.startswith("search"):
            goal = None
        yield beside_peer(
            GROUP, f"{name}, CPU", large, samples[f"{large}"], samples[f"{small}"], goal
        )

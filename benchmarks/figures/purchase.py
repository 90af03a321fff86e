"""A purchase from the basket to the thank-you page, beside stock Oscar's."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.figures.comparing import beside_peer, counted, grown
from benchmarks.figures.registry import story
from benchmarks.goals import Figure, at_most

GROUP = "purchase"
PLAN, ORDINARY = "tasks.purchases:plan", "tasks.purchases:ordinary"


@story(GROUP)
def purchase(bench: Bench) -> Iterator[Figure]:
    """A plan from our shop, an ordinary product from a shop without the extension."""
    size = bench.options.up_to(100_000)[-1]
    sides = {"ours": ("ours", size, PLAN, {}), "stock": ("stock", size, ORDINARY, {})}
    bench.in_turn(sides, 2)
    samples = bench.in_turn(sides)
    ours, stock = samples["ours"], samples["stock"]
    yield counted(
        GROUP,
        "a plan, statements about data",
        size,
        ours[-1]["data"],
        at_most(200, "statements"),
        note=f"and {ours[-1]['transactions']:.0f} of transactions; an ordinary product in stock "
        f"Oscar: {stock[-1]['data']:.0f} and {stock[-1]['transactions']:.0f}",
    )
    goal = at_most(1.3, "×", "an ordinary product in stock Oscar")
    yield beside_peer(GROUP, "a plan, CPU", size, ours, stock, goal)


@story(GROUP)
def purchase_in_larger_shops(bench: Bench) -> Iterator[Figure]:
    """A purchase costs the same in every shop."""
    sizes = bench.options.up_to(100_000)
    if len(sizes) < 2:
        return
    calls = {size: (PLAN, {}) for size in (sizes[0], sizes[-1])}
    for size in calls:
        bench.call("ours", size, PLAN)
    yield grown(bench, GROUP, "a plan", calls, at_most(1.3, "×"))


@story(GROUP)
def ordinary_purchase(bench: Bench) -> Iterator[Figure]:
    """An ordinary product from our shop, beside the same from a shop without the extension."""
    size = bench.options.up_to(100_000)[-1]
    sides = {side: (side, size, ORDINARY, {}) for side in ("ours", "stock")}
    bench.in_turn(sides, 1)
    samples = bench.in_turn(sides)
    more = samples["ours"][-1]["data"] - samples["stock"][-1]["data"]
    yield counted(GROUP, "an ordinary product, statements more", size, more, None)
    title = "an ordinary product, CPU"
    yield beside_peer(GROUP, title, size, samples["ours"], samples["stock"], None)

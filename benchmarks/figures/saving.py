"""Saving a product, beside the shop without the extension."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.figures.comparing import beside_peer, counted
from benchmarks.figures.registry import story
from benchmarks.goals import Figure, at_most

GROUP = "save"
PRODUCTS = ("a product of the shop", "a seller's service", "a plan's product")


@story(GROUP)
def saving(bench: Bench) -> Iterator[Figure]:
    """Statements more, and CPU, at the largest size up to 100,000."""
    size = bench.options.up_to(100_000)[-1]
    for name in PRODUCTS:
        for fields, words in ((None, "save"), (["title"], "save of one field")):
            ours, stock = (
                bench.call(side, size, "tasks.saving:statements", name=name, fields=fields)
                for side in ("ours", "stock")
            )
            title = f"{words} of {name}, statements more"
            note = f"{ours} with, {stock} without"
            goal = at_most(0, "statements")
            yield counted(GROUP, title, size, ours - stock, goal, note=note)
        arguments = {"name": name, "times": 10}
        samples = bench.in_turn(
            {side: (side, size, "tasks.saving:cost", arguments) for side in ("ours", "stock")}
        )
        yield beside_peer(
            GROUP, f"save of {name}, CPU", size, samples["ours"], samples["stock"], None
        )

"""The shop's own pages with the extension, beside the same shop without it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.figures.comparing import beside_peer, counted, grown, totals, whole_tables
from benchmarks.figures.registry import story
from benchmarks.goals import Figure, at_most
from benchmarks.sampling import summarise

GROUP = "pages"
# Below so many statements one statement more is a large share: its own cost is the limit there.
MANY = 30
# What building, sending and reading one statement of Django's ORM may cost, in ms.
STATEMENT = 2.0
COMPARED = 100_000


@story(GROUP)
def pages(bench: Bench) -> Iterator[Figure]:
    """Statements and CPU of each page, at 1,000 and at the largest size up to 100,000."""
    sizes = bench.options.up_to(COMPARED)
    for size in sorted({sizes[0], sizes[-1]}):
        bench.call("stock", size, "tasks.pages:prepare")
        for name in bench.call("ours", size, "tasks.pages:prepare"):
            yield from _page(bench, size, name)


@story(GROUP)
def pages_in_larger_shops(bench: Bench) -> Iterator[Figure]:
    """Each page costs the same in every shop."""
    sizes = bench.options.up_to(COMPARED)
    if len(sizes) < 2:
        return
    for size in (sizes[0], sizes[-1]):
        names = bench.call("ours", size, "tasks.pages:prepare")
    for name in names:
        arguments = {"name": name, "times": 1}
        calls = dict.fromkeys((sizes[0], sizes[-1]), ("tasks.pages:cost", arguments))
        yield grown(bench, GROUP, name, calls, at_most(1.3, "×"))


def _page(bench: Bench, size: int, name: str) -> Iterator[Figure]:
    ours = bench.call("ours", size, "tasks.pages:statements", name=name, is_explained=True)
    stock = bench.call("stock", size, "tasks.pages:statements", name=name)
    more = 2 if name.startswith("account") else 1
    extra = len(ours["data"]) - len(stock["data"])
    yield counted(
        GROUP,
        f"{name}, statements more",
        size,
        extra,
        at_most(more, "statements"),
        note=f"{len(ours['data'])} with, {len(stock['data'])} without",
    )
    new = _not_in(ours["data"], stock["data"])
    scanned = [one for one in ours["whole"] if any(sql.startswith(one[1]) for sql in new)]
    if size >= max(bench.options.up_to(COMPARED)):
        title = f"{name}, statements of ours that read whole tables"
        yield whole_tables(GROUP, title, size, scanned, at_most(0, "statements"))
    is_large = len(stock["data"]) > MANY
    # Five per cent are to be told apart from noise: more rounds rather than longer ones.
    rounds, times = (2, 1) if is_large else (1, 2)
    arguments = {"name": name, "times": times}
    sides = {side: (side, size, "tasks.pages:cost", arguments) for side in ("ours", "stock")}
    samples = bench.in_turn(sides, rounds * bench.options.rounds)
    goal = at_most(1.05, "×", "the shop without") if is_large else None
    yield beside_peer(GROUP, f"{name}, CPU", size, samples["ours"], samples["stock"], goal)
    if not is_large:
        our, their = totals(samples["ours"]), totals(samples["stock"])
        differences = [(a - b) * 1000 for a, b in zip(our, their, strict=True)]
        goal = at_most(more * STATEMENT, "ms")
        value = summarise(differences).median
        yield Figure(GROUP, f"{name}, CPU more", size, value, "ms", goal)


def _not_in(ours: list[str], stock: list[str]) -> list[str]:
    """Return the statements that only ours asks, whatever primary keys they name."""
    left = Counter(_shape(sql) for sql in stock)
    found = []
    for sql in ours:
        if left[_shape(sql)] > 0:
            left[_shape(sql)] -= 1
        else:
            found.append(sql)
    return found


def _shape(sql: str) -> str:
    return re.sub(r"\d+", "0", sql)

"""May this user sell? Beside Django's permission by a group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.bench import Bench
from benchmarks.figures.comparing import beside_peer, counted, grown
from benchmarks.figures.registry import story
from benchmarks.goals import Figure, at_most
from benchmarks.seeding import layout

GROUP = "access"
ASKED = 100
QUESTIONS = ("is_seller", "has_perm")


@story(GROUP)
def access(bench: Bench) -> Iterator[Figure]:
    """Statements and CPU of both questions, at every size."""
    for size in bench.options.sizes:
        for name in QUESTIONS:
            found = bench.call("ours", size, "tasks.access:statements", question=name, member=2)
            for which, limit in (("first", 1), ("repeated", 0), ("anonymous", 0)):
                title = f"{name}, {which}"
                yield counted(GROUP, title, size, found[which], at_most(limit, "statements"))
            yield _beside_group(bench, size, name)


@story(GROUP)
def access_in_larger_shops(bench: Bench) -> Iterator[Figure]:
    """Both questions cost the same in every shop."""
    for name in QUESTIONS if len(bench.options.sizes) > 1 else ():
        calls = {size: ("tasks.access:cost", _asked(size, name)) for size in bench.options.sizes}
        yield grown(bench, GROUP, name, calls, at_most(1.3, "×"))


def _beside_group(bench: Bench, size: int, name: str) -> Figure:
    task = "tasks.access:cost"
    sides = {
        "ours": ("ours", size, task, _asked(size, name)),
        "peer": ("stock", size, task, _asked(size, "by_group")),
    }
    bench.in_turn(sides, 1)
    samples = bench.in_turn(sides)
    goal = at_most(0.5, "×", "Django's permission by a group")
    return beside_peer(GROUP, f"{name}, CPU", size, samples["ours"], samples["peer"], goal)


def _asked(size: int, question: str) -> dict[str, Any]:
    members = [one for one in range(1, size) if not layout.is_lapsed(one)][:ASKED]
    return {"question": question, "members": members}

"""A paid order gives its term; beside django-plans, which completes an order with its invoice."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.figures.comparing import beside_peer, counted, told
from benchmarks.figures.registry import story
from benchmarks.goals import Figure, at_most

GROUP = "payments"
ORDERS = 10


@story(GROUP)
def paid_order(bench: Bench) -> Iterator[Figure]:
    """Statements of ``order_paid`` and of the same told again."""
    size = bench.options.up_to(100_000)[-1]
    warm, key = bench.call("ours", size, "tasks.payments:place_orders", count=2)
    bench.call("ours", size, "tasks.payments:statements", key=warm)
    found = bench.call("ours", size, "tasks.payments:statements", key=key)
    for name, kind, limit in (
        ("order_paid, statements about data", "data", 22),
        ("order_paid, statements of transactions", "transactions", 8),
    ):
        yield counted(GROUP, name, size, found["first"][kind], at_most(limit, "statements"))
    repeated, goal = found["repeated"], at_most(2, "statements")
    note = f"and {repeated['transactions']} of transactions"
    title = "order_paid told again, statements about data"
    yield counted(GROUP, title, size, repeated["data"], goal, note=note)


@story(GROUP)
def paid_order_beside_plans(bench: Bench) -> Iterator[Figure]:
    """CPU of ``order_paid`` beside django-plans' ``complete_order`` with its invoice."""
    size = bench.options.up_to(100_000)[-1]
    bench.filled("plans", size)
    rounds = bench.options.rounds
    ours, theirs = [], []
    for number in range(rounds + 1):
        our_orders = bench.call("ours", size, "tasks.payments:place_orders", count=ORDERS)
        their_orders = bench.call("plans", size, "peers.plans:place_orders", count=ORDERS)
        sides = {
            "ours": ("ours", size, "tasks.payments:pay", {"keys": our_orders}),
            "plans": ("plans", size, "peers.plans:complete", {"orders": their_orders}),
        }
        samples = bench.in_turn(sides if number % 2 else dict(reversed(sides.items())), 1)
        if number:  # the first of each is slow
            ours += samples["ours"]
            theirs += samples["plans"]
    [order] = bench.call("plans", size, "peers.plans:place_orders", count=1)
    asked = bench.call("plans", size, "peers.plans:statements_of_one", order=order)
    yield beside_peer(
        GROUP,
        "order_paid, CPU",
        size,
        ours,
        theirs,
        at_most(1, "×", "django-plans' complete_order with its invoice"),
        note=f"django-plans asks {asked['data']} + {asked['transactions']} statements",
    )


@story(GROUP)
def reconciliation(bench: Bench) -> Iterator[Figure]:
    """Statements of reconciling a paid session, e-mails included."""
    size = bench.options.up_to(100_000)[-1]
    samples = [bench.call("ours", size, "tasks.payments:reconcile") for _ in range(4)][1:]
    count = samples[-1]
    yield counted(
        GROUP,
        "reconcile of a paid session, statements about data",
        size,
        count["data"],
        at_most(45, "statements"),
        note=f"and {count['transactions']} of transactions",
    )
    yield told(GROUP, "reconcile of a paid session, CPU", size, samples)

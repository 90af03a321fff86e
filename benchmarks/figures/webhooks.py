"""Signed deliveries through gunicorn and PostgreSQL, beside dj-stripe alone."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

from benchmarks import servers
from benchmarks.bench import Bench
from benchmarks.figures.comparing import beside_peer
from benchmarks.figures.registry import story
from benchmarks.goals import Figure, at_most
from benchmarks.workers import Worker

GROUP = "webhooks"
# Of ten payments three are told twice.
DOUBLED = 0.3
ALONE = "benchmarks.settings_djstripe"


@story(GROUP)
def webhooks(bench: Bench) -> Iterator[Figure]:
    """All are answered with 200, nothing is left due, and the CPU of both sides."""
    size = bench.options.sizes[0]
    count, chunk = (100, 20) if bench.options.is_quick else (2000, 100)
    payments = round(count / (1 + DOUBLED))
    alone = bench.cluster.copy("webhooks_alone", bench.data.empty())
    ours = bench.data.scratch(size, "webhooks_ours")
    provider = {"BENCH_PROVIDER": bench.provider.url}
    package = bench.options.package
    try:
        with (
            Worker(package, "benchmarks.settings", ours, **provider) as our_worker,
            Worker(package, ALONE, alone, **provider) as their_worker,
            servers.served(package, "benchmarks.settings", ours, _free(), **provider) as our,
            servers.served(package, ALONE, alone, _free(), **provider) as their,
        ):
            endpoints = {
                "ours": our_worker.call("tasks.webhooks:endpoint", base_url=our.url),
                "alone": their_worker.call("tasks.webhooks:endpoint", base_url=their.url),
            }
            since = our_worker.call("tasks.webhooks:newest_attempt")
            our_worker.call("tasks.webhooks:pay", count=payments)
            events = _events(bench, payments)
            deliveries = [*events, *events[: count - payments]]
            samples: dict[str, list[dict[str, float]]] = {"ours": [], "alone": []}
            answers: dict[str, list[int]] = {"ours": [], "alone": []}
            # The first request of each process loads what it needs.
            for side, server in (("ours", our), ("alone", their)):
                servers.deliver(endpoints[side], [_unknown(events[0], n) for n in range(8)])
                servers.wait_until_quiet(server.cpu, bench.cluster.cpu)
            for number, start in enumerate(range(0, len(deliveries), chunk)):
                sides = [("ours", our), ("alone", their)]
                for side, server in sides if number % 2 else reversed(sides):
                    part = deliveries[start : start + chunk]
                    before = server.cpu(), bench.cluster.cpu()
                    answers[side] += servers.deliver(endpoints[side], part)
                    servers.wait_until_quiet(server.cpu, bench.cluster.cpu)
                    after = server.cpu(), bench.cluster.cpu()
                    samples[side].append(
                        {
                            "client": (after[0] - before[0]) / len(part),
                            "server": (after[1] - before[1]) / len(part),
                        }
                    )
            left = our_worker.call("tasks.webhooks:left", since=since)
    finally:
        bench.cluster.drop("webhooks_alone")
        bench.cluster.drop("webhooks_ours")
    refused = sum(status != 200 for status in answers["ours"])
    note = f"dj-stripe alone: {sum(status != 200 for status in answers['alone'])}"
    name = f"{count:,} deliveries"
    yield Figure(
        GROUP, f"{name}, answers that are not 200", size, refused, "", at_most(0, ""), note=note
    )
    waiting = left["due"] + left["unpaid"]
    note = f"{left['paid']:,} payments are paid"
    title = f"{name}, payments left unpaid or due"
    yield Figure(GROUP, title, size, waiting, "", at_most(0, ""), note=note)
    goal = at_most(2, "×", "dj-stripe alone")
    yield beside_peer(GROUP, f"{name}, CPU each", size, samples["ours"], samples["alone"], goal)


def _events(bench: Bench, count: int) -> list[dict[str, Any]]:
    address = f"{bench.provider.url}/_standin/events?type=checkout.session.completed"
    with urlopen(address, timeout=60) as answer:
        found: list[dict[str, Any]] = json.load(answer)["data"]
    assert len(found) >= count, f"{len(found)} events for {count} payments"
    return found[-count:]


def _unknown(event: dict[str, Any], number: int) -> dict[str, Any]:
    """Return an event about a session that no shop knows."""
    thing = event["data"]["object"] | {
        "id": f"cs_test_unknown{number}",
        "client_reference_id": None,
        "metadata": {},
    }
    return event | {"id": f"evt_unknown{number}", "data": {"object": thing}}


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

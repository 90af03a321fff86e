"""What the crowd went through. A run in which nothing went wrong would prove nothing."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tests.soak.figures import Figure
from tests.soak.reload import Tally


def of_notifications(deliveries: Iterable[dict[str, Any]]) -> list[Figure]:
    """Look through the stand-in's list of ``deliveries``, oldest first."""
    moments: dict[str, list[int]] = defaultdict(list)
    refusals = 0
    for delivery in deliveries:
        arrived = moments[delivery["event"]]
        for answer in delivery["answers"]:
            if answer["status"] is None:
                continue  # nobody was there
            if 200 <= answer["status"] < 300:
                arrived.append(answer["at"])
            else:
                refusals += 1
    return [
        Figure("notifications that never came", [*moments.values()].count([]), 1, at_least=True),
        Figure(
            "notifications that came twice or more",
            sum(len(arrived) > 1 for arrived in moments.values()),
            1,
            at_least=True,
        ),
        Figure("notifications overtaken by a later one", overtaken(moments), 1, at_least=True),
        Figure("notifications answered with an error", refusals, 0),
    ]


def overtaken(moments: dict[str, list[int]]) -> int:
    """Return how many events first came after one that happened later.

    Args:
        moments: when each event came, in seconds; the events in the order in which they happened.
    """
    count, earliest_later = 0, float("inf")
    for arrived in reversed(moments.values()):
        if not arrived:
            continue
        count += min(arrived) > earliest_later
        earliest_later = min(earliest_later, *arrived)
    return count


def of_the_server(killed: int, wanted: int, deaths: int, tally: Tally) -> list[Figure]:
    """Look at how the server ended, and what its visitors saw of it."""
    return [
        Figure("kills of the server", killed, wanted),
        Figure("other ends of the server", deaths - killed, 0),
        Figure("requests cut by them", tally["cut"], min(wanted, 1), at_least=True),
        Figure("pages with a server error", len(tally.server_errors), 0),
    ]

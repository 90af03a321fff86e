"""How long answers took, and whether e-mails left before them.

Each line of ``FILE`` is one answer as JSON: ``at`` (seconds since the epoch), ``seconds`` (how long
the visitor waited), ``path``, and ``mails`` (addresses of the e-mails that the request wrote).
"""

import json
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

from shop import environment as env
from tests.soak.figures import Figure

FILE = env.VAR / "answers.log"
WEBHOOK = "/stripe/webhook/"
# With a slow mail server the shop may take so much longer to answer a webhook.
SLOWER = 1.5


def read(file: Path = FILE) -> list[dict[str, Any]]:
    """Return the answers so far."""
    return [json.loads(line) for line in file.read_text().splitlines()]


def hasty(answers: Iterable[dict[str, Any]], begun: Iterable[tuple[float, str]]) -> int:
    """Return how many e-mails began to leave before the answer to the request that wrote them.

    Args:
        begun: when the mail server heard of each e-mail (seconds since the epoch), and its address.
    """
    out: dict[str, float] = {}
    for answer in answers:
        out |= dict.fromkeys(answer["mails"], answer["at"])
    return sum(at < out.get(to, 0) for at, to in begun)


def webhook_median(answers: Iterable[dict[str, Any]], since: float, until: float) -> float:
    """Return the median of the seconds in which webhooks were answered between two moments."""
    return median(
        answer["seconds"]
        for answer in answers
        if answer["path"].startswith(WEBHOOK) and since <= answer["at"] < until
    )


def of_the_mails(
    answers: list[dict[str, Any]], begun: Iterable[tuple[float, str]], slow_since: float, end: float
) -> list[Figure]:
    """Compare answers and e-mails, and webhooks before and after the mail server became slow.

    Args:
        begun: as :func:`hasty`.
        slow_since: when the mail server became slow, in seconds since the epoch.
        end: when the last member had been there.
    """
    fast, slow = (webhook_median(answers, *span) for span in ((0, slow_since), (slow_since, end)))
    print(
        f"soak: median webhook answer {fast * 1000:.0f} ms, "
        f"with a slow mail server {slow * 1000:.0f} ms"
    )
    return [
        Figure("e-mails that left before the answer", hasty(answers, begun), 0),
        Figure("webhooks slowed down by the mail server", int(slow > SLOWER * fast), 0),
    ]

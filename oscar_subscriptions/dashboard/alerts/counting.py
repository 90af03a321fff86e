"""How many alerts are open, for the pages that say so."""

from __future__ import annotations

from typing import NamedTuple

from oscar_subscriptions.dashboard import pagination
from oscar_subscriptions.loading import registered


class OpenAlerts(NamedTuple):
    """How many alerts are open: at most one more than ``pagination.LIMIT``; and that in words, in
    the active language."""

    number: int
    words: str


def open_alerts() -> OpenAlerts:
    """Count the open alerts, no further than a list shows."""
    limit = pagination.LIMIT
    number = registered.Alert.objects.open()[: limit + 1].count()
    return OpenAlerts(number, pagination.in_words(number, limit))

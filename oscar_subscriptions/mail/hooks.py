"""The alerts' part in mail: the room above registers it here, and the outbox calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import OutboxMail


class Reporter(Protocol):
    """Receives failures of mails to members."""

    def undeliverable(self, row: OutboxMail) -> None:
        """``row`` has failed ``MAX_TRIES`` times or more."""

    def settled(self, row: OutboxMail, was_sent: bool) -> None:
        """``row`` was undeliverable; it was sent after all, or is no longer needed."""

    def text_unusable(self, row: OutboxMail, kind_name: str, mistake: str, key: str) -> None:
        """An operator's text can't be rendered; ``key`` is the same for the same text."""


class Hooks:
    """What :func:`register_alerts` was given."""

    write: Callable[[dict[str, Any]], tuple[str, str]]
    reporter: Reporter


def register_alerts(write: Callable[[dict[str, Any]], tuple[str, str]], reporter: Reporter) -> None:
    """Connect the outbox to the alerts above it: ``write`` returns subject and body of a mail to
    the managers from the facts of its row."""
    Hooks.write, Hooks.reporter = staticmethod(write), reporter

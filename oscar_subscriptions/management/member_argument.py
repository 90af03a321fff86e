"""The command-line arguments that name a member."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from oscar_subscriptions import privacy


def add_arguments(parser: CommandParser) -> None:
    """Add ``USER`` and ``--deleted``."""
    parser.add_argument("user", metavar="USER", help="user name or e-mail address of the member")
    parser.add_argument(
        "--deleted",
        action="store_true",
        help="the member has deleted the account; USER is the e-mail address that it had",
    )


def find_member(options: dict[str, Any]) -> privacy.Person | None:
    """Return the member named by ``options["user"]`` and ``["deleted"]``, or ``None``."""
    return privacy.find(options["user"], deleted=options["deleted"])


def not_found(options: dict[str, Any]) -> str:
    """Return the message for a member that :func:`find_member` does not find."""
    if options["deleted"]:
        return (
            "No subscription of a deleted account, or of more than one, with the e-mail address "
            f"{options['user']!r}."
        )
    return f"No account, or more than one, is called {options['user']!r}."

"""The e-mails that the sandbox wrote to files."""

import email
import email.policy
from dataclasses import dataclass
from pathlib import Path

from demo.browser import plain

SEPARATOR = "-" * 79


@dataclass(frozen=True)
class Letter:
    """One e-mail as its reader sees it."""

    to: str
    subject: str
    text: str


def letters(var: Path) -> list[Letter]:
    """Return all e-mails, oldest first; a file may hold several."""
    found = []
    for file in sorted((var / "mail").glob("*.log")):
        for source in file.read_text(encoding="utf-8").split(f"\n{SEPARATOR}\n"):
            if source.strip():
                found.append(_letter(source.lstrip("\n")))
    return found


def _letter(source: str) -> Letter:
    message = email.message_from_string(source, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    text = body.get_content() if body is not None else ""
    return Letter(str(message["To"]), plain(str(message["Subject"])), plain(text))

"""The e-mails that the sandbox wrote to files."""

import email
import email.policy
from dataclasses import dataclass
from pathlib import Path

from demo.browser import plain

SEPARATOR = "-" * 79


@dataclass(frozen=True)
class Mail:
    """One e-mail as its reader sees it."""

    to: str
    subject: str
    text: str


def sent_mails(var: Path) -> list[Mail]:
    """Return all e-mails, oldest first; a file may hold several."""
    found = []
    for file in sorted((var / "mail").glob("*.log")):
        for source in file.read_text(encoding="utf-8").split(f"\n{SEPARATOR}\n"):
            if source.strip():
                found.append(_mail(source.lstrip("\n")))
    return found


def _mail(source: str) -> Mail:
    message = email.message_from_string(source, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    text = body.get_content() if body is not None else ""
    return Mail(str(message["To"]), plain(str(message["Subject"])), plain(text))

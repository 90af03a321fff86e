"""Render mails to members from the texts typed in the dashboard, or else from the files."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from oscar.core.loading import get_class, get_model

from oscar_subscriptions import conf
from oscar_subscriptions.mail import calendar_file, context, memo, overrides
from oscar_subscriptions.mail.kinds import KINDS, MailKind

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Term, User

logger = logging.getLogger(__name__)


class EmptyMailError(ValueError):
    """A mail has no subject or no body: Oscar would drop it silently."""


@dataclass(frozen=True)
class Mail:
    """A mail as Oscar's dispatcher takes it.

    Attributes:
        messages: ``subject``, ``body`` and ``html``.
        attachments: name, text and content type of each file.
        headers: further mail headers, by name.
        mistake: why an operator's text was not used; "" if it was, or if there is none.
        mistake_key: the same for the same text.
    """

    messages: dict[str, str]
    attachments: list[tuple[str, str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    mistake: str = ""
    mistake_key: str = ""


def render(kind: str, language: str, user: User | None, facts: dict[str, Any]) -> Mail | None:
    """Return the mail of ``kind`` in the active language, or ``None`` if its news is stale, such
    as a term that was refunded before the mail left.

    Args:
        kind: a key of ``kinds.KINDS``.
        language: language code of the dashboard's texts.
        user: the member, or ``None`` if the account is gone.
        facts: primary keys, see ``context.context`` and the kind's own reader; ``day`` (ISO text)
            if a run is carried out for a future day.

    Raises:
        Exception: whatever the template of a file raises. A dashboard text that can't be rendered
            raises nothing: all three files are used instead of a mixture.
    """
    chosen = KINDS[kind]
    day = conf.today()
    if "day" in facts:
        # A mail that waited in the outbox describes the day on which it leaves.
        day = max(day, date.fromisoformat(facts["day"]))
    reads_term = isinstance(chosen.read, context.AboutTerm)
    values = context.context(user, facts, with_term=not reads_term)
    if chosen.read is not None:
        more = chosen.read(values, facts, day)
        if more is None:
            return None
        values.update(more)
    messages, mistake, key = _texts(chosen.code, language, values)
    return Mail(messages, _attachments(chosen, values, day), _headers(values), mistake, key)


def _texts(code: str, language: str, values: dict[str, object]) -> tuple[dict[str, str], str, str]:
    texts = memo.once(("typed", code, language), lambda: overrides.typed(code, language))
    if texts:
        try:
            return _render(code, values, texts), "", ""
        except Exception as error:  # an operator's template may raise anything
            logger.exception("The text typed for %s (%s) can't be used", code, language)
            key = f"{code}-{language}-{overrides.fingerprint(texts)}"
            return _render(code, values, {}), f"{type(error).__name__}: {error}", key
    return _render(code, values, {}), "", ""


def _attachments(kind: MailKind, values: dict[str, Any], day: date) -> list[tuple[str, str, str]]:
    if not kind.has_calendar:
        return []
    term: Term = values["term"]
    if term.ends_on < day:
        return []  # nobody needs an event in the past
    url = context.renew_url(term.subscription)
    changes: int = values["changes"]
    text = calendar_file.render_calendar(term.subscription, term.ends_on, url, changes)
    return [(calendar_file.NAME, text, calendar_file.CONTENT_TYPE)]


def _headers(values: dict[str, object]) -> dict[str, str]:
    """Return the headers with which mail programs show an unsubscribe button (RFC 8058)."""
    if "unsubscribe_url" not in values:
        return {}
    return {
        "List-Unsubscribe": f"<{values['unsubscribe_url']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _render(code: str, values: dict[str, object], texts: dict[str, str]) -> dict[str, str]:
    # A row that is never saved: Oscar's rules, or a fork's, choose between text and file.
    EventType = get_model("communication", "CommunicationEventType")
    dispatcher = get_class("communication.utils", "Dispatcher")()
    shared = dispatcher.get_base_context(**values)
    messages: dict[str, str] = EventType(code=code, **texts).get_messages(shared)
    messages["subject"] = messages["subject"].strip()
    messages["body"] = _tidy(messages["body"])
    if not messages["subject"] or not (messages["body"] or messages["html"].strip()):
        raise EmptyMailError(f"{code} has no subject or no body")
    return messages


def _tidy(text: str) -> str:
    """Remove the traces of template tags from plain text: trailing spaces, extra empty lines."""
    lines = re.sub(r"[ \t\r]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")

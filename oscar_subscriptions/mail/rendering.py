"""What the e-mails to members say: what an operator typed in the dashboard, or else the files."""

import logging
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from oscar.core.loading import get_class, get_model

from oscar_subscriptions import conf
from oscar_subscriptions.mail import calendar_file, context, overrides
from oscar_subscriptions.mail.kinds import KINDS, MailKind

logger = logging.getLogger(__name__)


class EmptyMailError(ValueError):
    """A text came out empty: Oscar would drop the e-mail without a word."""


@dataclass(frozen=True)
class Mail:
    """An e-mail as Oscar's dispatcher takes it.

    Attributes:
        messages: subject, body and html.
        attachments: name, text and content type of each file that goes along.
        headers: besides those of every e-mail.
        mistake: why the text that an operator typed was left aside; empty if nothing was wrong.
        mistake_key: the same for the same text.
    """

    messages: dict[str, str]
    attachments: list[tuple[str, str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    mistake: str = ""
    mistake_key: str = ""


def write(kind: str, language: str, user: Any, facts: dict[str, Any]) -> Mail | None:
    """Return the mail of ``kind`` in the active language, or ``None`` if its news is stale, such
    as a term that was refunded before the mail left.

    Args:
        kind: a key of ``kinds.KINDS``.
        language: language code whose texts of the dashboard are used.
        user: the member, or ``None``.
        facts: ids of what it is about, see ``context.context`` and the kind's own reader; ``day``,
            as ISO text, if a run is carried out for a day to come.

    Raises:
        Exception: whatever the template of a file raises. A text of the dashboard that can't be
            rendered raises nothing: all three files are used instead, so that the mail is of one
            piece.
    """
    chosen = KINDS[kind]
    day = conf.today()
    if "day" in facts:
        # A mail that waited in the outbox tells how things stand when it leaves.
        day = max(day, date.fromisoformat(facts["day"]))
    values = context.context(user, facts)
    if chosen.read is not None:
        more = chosen.read(values, facts, day)
        if more is None:
            return None
        values |= more
    messages, mistake, key = _texts(chosen.code, language, values)
    return Mail(messages, _attachments(chosen, values, day), _headers(values), mistake, key)


def _texts(code: str, language: str, values: dict[str, Any]) -> tuple[dict[str, str], str, str]:
    texts = overrides.typed(code, language)
    if texts:
        try:
            return _render(code, values, texts), "", ""
        except Exception as error:  # an operator's template may raise anything
            logger.exception("The text typed for %s (%s) can't be used", code, language)
            key = f"{code}-{language}-{overrides.fingerprint(texts)}"
            return _render(code, values, {}), f"{type(error).__name__}: {error}", key
    return _render(code, values, {}), "", ""


def _attachments(kind: MailKind, values: dict[str, Any], day: date) -> list[tuple[str, str, str]]:
    if not kind.has_calendar or values["term"].ends_on < day:
        return []  # nobody needs an event in the past
    subscription = values["term"].subscription
    url = context.renew_url(subscription)
    text = calendar_file.write(subscription, values["term"].ends_on, url)
    return [(calendar_file.NAME, text, calendar_file.CONTENT_TYPE)]


def _headers(values: dict[str, Any]) -> dict[str, str]:
    """What lets mail programs show a button of their own (RFC 8058)."""
    if "unsubscribe_url" not in values:
        return {}
    return {
        "List-Unsubscribe": f"<{values['unsubscribe_url']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _render(code: str, values: dict[str, Any], texts: dict[str, str]) -> dict[str, str]:
    # A row that is never saved: Oscar's own rules then choose between text and file, and a shop's
    # fork of them is honoured.
    EventType = get_model("communication", "CommunicationEventType")
    dispatcher = get_class("communication.utils", "Dispatcher")()
    messages = EventType(code=code, **texts).get_messages(dispatcher.get_base_context(**values))
    messages["subject"] = messages["subject"].strip()
    messages["body"] = _tidy(messages["body"])
    if not messages["subject"] or not (messages["body"] or messages["html"].strip()):
        raise EmptyMailError(f"{code} has no subject or no body")
    return messages


def _tidy(text: str) -> str:
    """Return plain text without the traces of template tags: trailing spaces, empty lines."""
    lines = re.sub(r"[ \t\r]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")

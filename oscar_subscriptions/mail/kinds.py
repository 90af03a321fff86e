"""The kinds of mail to members. The room whose news it is registers the kind.

A kind needs three templates, ``commtype_<code>_subject.txt``, ``_body.txt`` and ``_body.html``, in
``oscar/communication/emails``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

# (context so far, facts of the outbox row, day) -> more context, or None if the news is stale.
Reader = Callable[[dict[str, Any], dict[str, Any], date], dict[str, Any] | None]


@dataclass(frozen=True)
class MailKind:
    """One kind of mail to a member.

    Args:
        code: by which Oscar finds the templates; rows of the dashboard add the language to it.
        name: what operators call it; translatable.
        needs_order: whether a preview in the dashboard asks for an order.
        read: reads from the database what the templates need besides ``mail.context``; returns
            ``None`` if the news is stale, and the mail is not sent. Arguments: the context so far
            (dict by name), the facts of the outbox row (JSON: ids), the day (shop timezone).
        newest_only: whether a later mail of this kind about the same term replaces one that still
            waits in the outbox.
        has_calendar: whether the last day of ``context["term"]`` is attached as a calendar file.
    """

    code: str
    name: Any
    needs_order: bool = False
    read: Reader | None = None
    newest_only: bool = False
    has_calendar: bool = False


# By the name that rows of the outbox keep, such as "order-confirmed".
KINDS: dict[str, MailKind] = {}


def register(name: str, kind: MailKind) -> str:
    """Add ``kind`` under ``name``; registering a name again replaces the kind.

    Call it while the module is imported, and import the module in ``AppConfig.ready()``.

    Returns:
        ``name``.
    """
    KINDS[name] = kind
    return name

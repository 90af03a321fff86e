"""The kinds of mail to members. Each kind is registered by the room whose news it is.

A kind needs three templates, ``commtype_<code>_subject.txt``, ``_body.txt`` and ``_body.html``, in
``oscar/communication/emails``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# (context so far, facts of the outbox row, day) -> more context, or None if the news is stale.
Reader = Callable[[dict[str, Any], dict[str, Any], date], Mapping[str, object] | None]


@dataclass(frozen=True)
class MailKind:
    """One kind of mail to a member.

    Args:
        code: Oscar's name of the templates; rows of the dashboard add the language to it.
        name: its name for operators; translatable.
        needs_order: whether a preview in the dashboard asks for an order.
        read: reads the templates' context from the database, besides ``context.context``; returns
            ``None`` if the news is stale, and the mail is not sent. Arguments: the context so far
            (by name), the facts of the outbox row (JSON: ids), the day (shop timezone).
        newest_only: whether a later mail of this kind about the same term replaces one that still
            waits in the outbox.
        has_calendar: whether the last day of ``context["term"]`` is attached as a calendar file.
    """

    code: str
    name: str | StrPromise
    needs_order: bool = False
    read: Reader | None = None
    newest_only: bool = False
    has_calendar: bool = False


# Mail to the shop's managers; the kinds of mail to members are those of ``KINDS``.
ALERT = "alert"

# By the ``kind`` of outbox rows, such as "order-confirmed".
KINDS: dict[str, MailKind] = {}


def register(name: str, kind: MailKind) -> str:
    """Add ``kind`` under ``name``; registering a name again replaces the kind.

    Call it while the module is imported, and import the module in ``AppConfig.ready()``.

    Returns:
        ``name``.
    """
    KINDS[name] = kind
    return name

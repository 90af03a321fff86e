"""The outbox: mails are written as rows with their facts, and leave when ``sender`` says.

A mail server that is slow or down blocks nothing: the row stays due and the next run sends it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings as django_settings
from django.db import IntegrityError, transaction

from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import sending
from oscar_subscriptions.mail.sender import Sender
from oscar_subscriptions.transactions import after_commit, for_update

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import OutboxMail, Subscription, User

logger = logging.getLogger(__name__)

# Facts of a mail as JSON, such as primary keys; the mail reads the rest when it is sent.
Facts = Mapping[str, object]


def to_member(
    subscription: Subscription, kind: str, key: str, facts: Facts, *, at_once: bool = True
) -> bool:
    """Write one mail to the member of ``subscription``, in the language of their orders.

    Args:
        kind: a key of ``kinds.KINDS``.
        key: its subject (``term-7``); a second row with the same kind and key is not written.
        facts: kept as ``context`` of the row.
        at_once: send it after commit, see ``sender``; if not, the next run sends it.

    Returns:
        Whether the row is new.
    """
    row, created = put(
        kind, key, user=subscription.user, language=language_of(subscription), context=facts
    )
    if created and at_once:
        after_commit(SENDER.take, row.pk)
    return created


def to_user(
    user: User, kind: str, key: str, facts: Facts, language: str = ""
) -> tuple[OutboxMail, bool]:
    """As :func:`to_member`, for an account that may have no subscription; return the row, and
    whether it is new. It is sent after commit, in ``language`` or else the member's."""
    language = language or language_of_user(user)
    row, created = put(kind, key, user=user, language=language, context=facts)
    if created:
        after_commit(SENDER.take, row.pk)
    return row, created


class MailToMember(NamedTuple):
    """The arguments of :func:`to_member`."""

    subscription: Subscription
    kind: str
    key: str
    facts: Facts


def to_members(mails: Iterable[MailToMember], *, at_once: bool = False) -> list[bool]:
    """Write many mails, in one statement unless another process has written some of them since the
    caller looked.

    Args:
        at_once: as of :func:`to_member`.

    Returns:
        Whether each row is new.
    """
    mails = list(mails)
    try:
        with transaction.atomic():
            rows = registered.OutboxMail.objects.bulk_create(_row(mail) for mail in mails)
    except IntegrityError:
        return [to_member(*mail, at_once=at_once) for mail in mails]
    if at_once:
        after_commit(SENDER.take, *_keys(rows))
    return [True] * len(mails)


def _keys(rows: list[OutboxMail]) -> list[int]:
    keys = [row.pk for row in rows if row.pk is not None]
    if len(keys) == len(rows):
        return keys
    # A database that does not tell the keys of many new rows.
    found = registered.OutboxMail.objects.filter(
        kind__in={row.kind for row in rows}, key__in={row.key for row in rows}
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


def _row(mail: MailToMember) -> OutboxMail:
    user, language = mail.subscription.user, language_of(mail.subscription)
    return registered.OutboxMail(
        kind=mail.kind, key=mail.key, **_values(user, language, mail.facts)
    )


def queue(kind: str, key: str, **named: Any) -> OutboxMail:
    """Write one mail to the outbox, to be sent after commit; arguments as in :func:`put`."""
    row, created = put(kind, key, **named)
    if created:
        after_commit(SENDER.take, row.pk)
    return row


def put(
    kind: str,
    key: str,
    *,
    user: User | None = None,
    language: str = "",
    context: Facts | None = None,
) -> tuple[OutboxMail, bool]:
    """Write one mail to the outbox, for the next run to send.

    Args:
        kind: ``ALERT`` or a key of ``kinds.KINDS``.
        key: as in :func:`to_member`.
        user: the member; ``None`` for a mail to the shop's managers.
        language: language code; "": the shop's.
        context: its facts.

    Returns:
        The row, and whether it is new.
    """
    return registered.OutboxMail.objects.get_or_create(
        kind=kind,
        key=key,
        defaults=_values(user, language, context or {}),
    )


def send_again(row: OutboxMail) -> None:
    """Send a mail once more: one that was sent or dropped as a new row, to the member's present
    address; one that failed as if it had never been tried."""
    rows = registered.OutboxMail.objects
    if row.sent_at is None and row.dropped_at is None:
        rows.filter(pk=row.pk).update(tries=0, claimed_at=None, last_error="")
        after_commit(SENDER.take, row.pk)
        return
    before = rows.filter(kind=row.kind, key__startswith=f"{row.key}{_AGAIN}").count()
    key = f"{row.key}{_AGAIN}{before + 1}"
    queue(row.kind, key, user=row.user, language=row.language, context=row.context)


# Between the key of a mail that is sent again and its number.
_AGAIN = "-again-"


def _values(user: User | None, language: str, context: Facts) -> dict[str, Any]:
    return {
        "user": user,
        "email": user.email if user else "",
        "language": language or django_settings.LANGUAGE_CODE,
        "context": context,
    }


def language_of(subscription: Subscription) -> str:
    """Return the language code of mail to the member of ``subscription``; "" for the shop's.

    It is the language in which the member ordered the subscription, else the latest other one.
    """
    if subscription.language or subscription.user is None:
        return subscription.language
    return language_of_user(subscription.user)


def language_of_user(user: User) -> str:
    """Return the language code in which ``user`` ordered a subscription last; "" for the shop's."""
    ordered = user.oscar_subscriptions.exclude(language="").order_by("-pk")
    return ordered.values_list("language", flat=True).first() or ""


def take_back(kind: str, key: str) -> bool:
    """Delete one row that no process has begun to send. Needs an open transaction.

    Returns:
        Whether there was one. If not, the member may have read the mail.
    """
    assert transaction.get_connection().in_atomic_block
    free = registered.OutboxMail.objects.filter(
        kind=kind, key=key, sent_at=None, dropped_at=None, claimed_at=None
    )
    # Locked, so that no process claims it before it is deleted.
    row: OutboxMail | None = for_update(free).first()
    if row is not None:
        row.delete()
    return row is not None


SENDER = Sender(sending.send_lists, sending.TOGETHER)

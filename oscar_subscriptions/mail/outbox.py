"""The outbox: mails are written as rows with their facts, and leave when ``sender`` says.

A mail server that is slow or down blocks nothing: the row stays due and the next run sends it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings as django_settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import delivery, rendering
from oscar_subscriptions.mail.hooks import Hooks
from oscar_subscriptions.mail.kinds import KINDS
from oscar_subscriptions.mail.sender import Sender
from oscar_subscriptions.transactions import after_commit, for_update

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import OutboxMail, Subscription, User
    from oscar_subscriptions.querysets import OutboxMailQuerySet

logger = logging.getLogger(__name__)

# Mail to the shop's managers; the kinds of mail to members are those of ``kinds``.
ALERT = "alert"

# Facts of a mail as JSON, such as primary keys; the mail reads the rest when it is sent.
Facts = Mapping[str, object]

# How long one process may take to send one mail before another may try again.
LEASE = timedelta(minutes=10)


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
        defaults={
            "user": user,
            "email": user.email if user else "",
            "language": language or django_settings.LANGUAGE_CODE,
            "context": context or {},
        },
    )


def language_of(subscription: Subscription) -> str:
    """Return the language code of mail to the member of ``subscription``; "" for the shop's.

    It is the language in which the member ordered the subscription, else the latest other one.
    """
    if subscription.language or subscription.user is None:
        return subscription.language
    others = subscription.user.oscar_subscriptions.exclude(language="").order_by("-pk")
    return others.values_list("language", flat=True).first() or ""


def send(row_id: int, server: delivery.MailServer | None = None) -> bool:
    """Send one row, unless it was sent or another process is sending it.

    Args:
        server: default: a connection for this mail alone.

    Returns:
        Whether it was sent by this call. A failure is kept on the row, not raised.
    """
    if server is None:
        with delivery.MailServer() as server:
            return send(row_id, server)
    rows = registered.OutboxMail.objects.filter(pk=row_id)
    # Conditions on the row itself, not in a subquery: PostgreSQL checks only those again if another
    # process has claimed the row while this one waited for it.
    claim = waiting().filter(pk=row_id)
    if not claim.update(claimed_at=timezone.now(), tries=F("tries") + 1):
        return False
    try:
        row = rows.select_related("user").get()
        was_sent = _deliver(row, server)
    except Exception as error:  # whatever the mail server or a shop's template raises
        logger.exception("E-mail %s not sent", row_id)
        rows.update(claimed_at=None, last_error=f"{type(error).__name__}: {error}"[:255])
        row = rows.get()
        if _is_undeliverable(row):
            Hooks.reporter.undeliverable(row)
        return False
    ended = "sent_at" if was_sent else "dropped_at"
    rows.update(**{ended: timezone.now()}, last_error="")
    if _is_undeliverable(row):
        Hooks.reporter.settled(row, was_sent)
    return was_sent


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


def waiting() -> OutboxMailQuerySet:
    """Return the rows that wait to be sent, as a queryset."""
    rows = registered.OutboxMail.objects.due(timezone.now() - LEASE)
    # Without managers their mail waits, and is no failure of each run.
    return rows if django_settings.MANAGERS else rows.exclude(kind=ALERT)


def send_due() -> int:
    """Send every due row; return how many were sent. A row that fails does not stop the others;
    a mail server that takes none for now does."""
    return send_rows(list(waiting().values_list("pk", flat=True)))


def send_rows(row_ids: Iterable[int]) -> int:
    """Send rows by primary key over one connection, until the mail server takes none for now;
    return how many were sent."""
    sent = 0
    with delivery.MailServer() as server:
        for row_id in row_ids:
            sent += send(row_id, server)
            if server.is_refusing:
                logger.warning("The mail server takes no mail for now: the next run sends the rest")
                break
    return sent


SENDER = Sender(send_rows)


def _is_undeliverable(row: OutboxMail) -> bool:
    # A mail to the managers themselves is left to the log.
    return row.tries >= registered.OutboxMail.objects.all().MAX_TRIES and row.kind != ALERT


def _deliver(row: OutboxMail, server: delivery.MailServer) -> bool:
    """Send ``row``; return ``False`` if its news is stale or a later mail replaces it."""
    if row.kind == ALERT:
        subject, body = Hooks.write(row.context)
        delivery.deliver_to_managers(subject, body, server)
        return True
    with translation.override(row.language):
        mail = rendering.render(row.kind, row.language, row.user, row.context)
        if mail is None or _is_replaced(row):
            return False
        if mail.mistake:
            with translation.override(django_settings.LANGUAGE_CODE):
                name = str(KINDS[row.kind].name)
            Hooks.reporter.text_unusable(row, name, mail.mistake, mail.mistake_key)
        delivery.deliver(mail, row.user, row.email, server)
    return True


def _is_replaced(row: OutboxMail) -> bool:
    return KINDS[row.kind].newest_only and registered.OutboxMail.objects.newer_than(row).exists()

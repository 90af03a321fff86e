"""Sends rows of the outbox: each once, whatever number of processes send at the same time."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings as django_settings
from django.db.models import F
from django.utils import timezone, translation

from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import delivery, rendering
from oscar_subscriptions.mail.hooks import Hooks
from oscar_subscriptions.mail.kinds import ALERT, KINDS

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import OutboxMail
    from oscar_subscriptions.querysets import OutboxMailQuerySet

logger = logging.getLogger(__name__)

# How long one process may take to send one mail before another may try again.
LEASE = timedelta(minutes=10)


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

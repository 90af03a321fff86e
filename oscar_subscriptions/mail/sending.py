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
from oscar_subscriptions.mail import delivery, memo, rendering
from oscar_subscriptions.mail.hooks import Hooks
from oscar_subscriptions.mail.kinds import ALERT, KINDS

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import OutboxMail
    from oscar_subscriptions.querysets import OutboxMailQuerySet

logger = logging.getLogger(__name__)

# How long one process may take to send one mail before another may try again.
LEASE = timedelta(minutes=10)

# Mails that a run reads at once, and that share what they say of plans. Few, because what is read
# should not be old when a slow mail server takes the last of them.
TOGETHER = 25


def send(row_id: int) -> bool:
    """Send one row, unless it was sent or another process is sending it.

    Returns:
        Whether it was sent by this call. A failure is kept on the row, not raised.
    """
    return bool(send_lists([[row_id]]))


def _send_together(row_ids: list[int], server: delivery.MailServer) -> int:
    """Send some rows, which are read at once; return how many were sent."""
    found = waiting().select_related("user").in_bulk(row_ids)
    rows = [found[pk] for pk in row_ids if pk in found]
    replaced, sent = _replaced(rows), 0
    with memo.shared():
        for row in rows:
            sent += _send(row, server, row.pk in replaced)
            if server.is_refusing:
                break
    return sent


def _replaced(rows: list[OutboxMail]) -> set[int]:
    """The primary keys of those that a later mail of the same kind about the same term replaces."""
    rows = [row for row in rows if row.kind in KINDS and KINDS[row.kind].newest_only]
    if not rows:
        return set()
    newer = registered.OutboxMail.objects.filter(
        kind__in={row.kind for row in rows},
        user__in={row.user_id for row in rows},
        pk__gt=min(row.pk for row in rows),
    )
    newest: dict[object, int] = {}
    for pk, *about in newer.values_list("pk", "kind", "user", "context__term"):
        newest[tuple(about)] = max(pk, newest.get(tuple(about), 0))
    return {
        row.pk
        for row in rows
        if newest.get((row.kind, row.user_id, row.context["term"]), 0) > row.pk
    }


def _send(row: OutboxMail, server: delivery.MailServer, is_replaced: bool) -> bool:
    rows = registered.OutboxMail.objects.filter(pk=row.pk)
    # Conditions on the row itself, not in a subquery: PostgreSQL checks only those again if another
    # process has claimed the row while this one waited for it. A row that was changed since it was
    # read, because the account was deleted for instance, is left to the next run.
    claim = waiting().filter(pk=row.pk, user=row.user_id, email=row.email)
    if not claim.update(claimed_at=timezone.now(), tries=F("tries") + 1):
        return False
    row.tries += 1
    try:
        was_sent = not is_replaced and _deliver(row, server)
    except Exception as error:  # whatever the mail server or a shop's template raises
        logger.exception("E-mail %s not sent", row.pk)
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


def send_due(rows: OutboxMailQuerySet | None = None) -> int:
    """Send due rows; return how many were sent. A row that fails does not stop the others; a mail
    server that takes none for now does.

    Args:
        rows: some of :func:`waiting`; default: all.
    """
    due = list((waiting() if rows is None else rows).values_list("pk", flat=True))
    return send_lists(due[start : start + TOGETHER] for start in range(0, len(due), TOGETHER))


def send_lists(lists: Iterable[list[int]]) -> int:
    """Send rows by primary key over one connection, until the mail server takes none for now;
    return how many were sent. Those of a list are read together."""
    sent = 0
    with delivery.MailServer() as server:
        for row_ids in lists:
            sent += _send_together(row_ids, server)
            if _gives_up(server):
                break
    return sent


def _gives_up(server: delivery.MailServer) -> bool:
    if server.is_refusing:
        logger.warning("The mail server takes no mail for now: the next run sends the rest")
    return server.is_refusing


def _is_undeliverable(row: OutboxMail) -> bool:
    # A mail to the managers themselves is left to the log.
    return row.tries >= registered.OutboxMail.objects.all().MAX_TRIES and row.kind != ALERT


def _deliver(row: OutboxMail, server: delivery.MailServer) -> bool:
    """Send ``row``; return ``False`` if its news is stale."""
    if row.kind == ALERT:
        subject, body = Hooks.write(row.context)
        delivery.deliver_to_managers(subject, body, server)
        return True
    with translation.override(row.language):
        mail = rendering.render(row.kind, row.language, row.user, row.context)
        if mail is None:
            return False
        if mail.mistake:
            with translation.override(django_settings.LANGUAGE_CODE):
                name = str(KINDS[row.kind].name)
            Hooks.reporter.text_unusable(row, name, mail.mistake, mail.mistake_key)
        delivery.deliver(mail, row.user, row.email, server)
    return True

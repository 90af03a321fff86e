"""The outbox: mails are written as rows with their facts, and sent after commit.

A mail server that is down blocks nothing: the row stays due and the next run sends it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings as django_settings
from django.core.mail import mail_managers
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import delivery, rendering
from oscar_subscriptions.mail.kinds import KINDS
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


class Reporter(Protocol):
    """Receives failures of mails to members."""

    def undeliverable(self, row: OutboxMail) -> None:
        """``row`` has failed ``MAX_TRIES`` times or more."""

    def settled(self, row: OutboxMail, was_sent: bool) -> None:
        """``row`` was undeliverable; it was sent after all, or is no longer needed."""

    def text_unusable(self, row: OutboxMail, kind_name: str, mistake: str, key: str) -> None:
        """An operator's text can't be rendered; ``key`` is the same for the same text."""


class _Hooks:
    """The hooks of :func:`register_alerts`."""

    write: Callable[[dict[str, Any]], tuple[str, str]]
    reporter: Reporter


def register_alerts(write: Callable[[dict[str, Any]], tuple[str, str]], reporter: Reporter) -> None:
    """Connect the outbox to the alerts above it: ``write`` returns subject and body of a mail to
    the managers from the facts of its row."""
    _Hooks.write, _Hooks.reporter = staticmethod(write), reporter


def to_member(
    subscription: Subscription, kind: str, key: str, facts: Facts, *, at_once: bool = True
) -> bool:
    """Write one mail to the member of ``subscription``, in the language of their orders.

    Args:
        kind: a key of ``kinds.KINDS``.
        key: its subject (``term-7``); a second row with the same kind and key is not written.
        facts: kept as ``context`` of the row.
        at_once: send it after commit; if not, the next run sends it.

    Returns:
        Whether the row is new.
    """
    row, created = put(
        kind, key, user=subscription.user, language=language_of(subscription), context=facts
    )
    if created and at_once:
        after_commit(send, row.pk)
    return created


def queue(kind: str, key: str, **named: Any) -> OutboxMail:
    """Write one mail to the outbox, to be sent after commit; arguments as in :func:`put`."""
    row, created = put(kind, key, **named)
    if created:
        after_commit(send, row.pk)
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


def send(row_id: int) -> bool:
    """Send one row, unless it was sent or another process is sending it.

    Returns:
        Whether it was sent by this call. A failure is kept on the row, not raised.
    """
    outbox, now = registered.OutboxMail.objects, timezone.now()
    rows = outbox.filter(pk=row_id)
    # Conditions on the row itself, not in a subquery: PostgreSQL checks only those again if another
    # process has claimed the row while this one waited for it.
    claim = outbox.due(now - LEASE).filter(pk=row_id)
    if not claim.update(claimed_at=now, tries=F("tries") + 1):
        return False
    try:
        row = rows.select_related("user").get()
        was_sent = _deliver(row)
    except Exception as error:  # whatever the mail server or a shop's template raises
        logger.exception("E-mail %s not sent", row_id)
        rows.update(claimed_at=None, last_error=f"{type(error).__name__}: {error}"[:255])
        row = rows.get()
        if _is_undeliverable(row):
            _Hooks.reporter.undeliverable(row)
        return False
    rows.update(sent_at=timezone.now(), last_error="")
    if _is_undeliverable(row):
        _Hooks.reporter.settled(row, was_sent)
    return True


def take_back(kind: str, key: str) -> bool:
    """Delete one row that no process has begun to send. Needs an open transaction.

    Returns:
        Whether there was one. If not, the member may have read the mail.
    """
    assert transaction.get_connection().in_atomic_block
    free = registered.OutboxMail.objects.filter(
        kind=kind, key=key, sent_at__isnull=True, claimed_at__isnull=True
    )
    # Locked, so that no process claims it before it is deleted.
    row: OutboxMail | None = for_update(free).first()
    if row is not None:
        row.delete()
    return row is not None


def waiting() -> OutboxMailQuerySet:
    """Return the rows that wait to be sent, as a queryset."""
    return registered.OutboxMail.objects.due(timezone.now() - LEASE)


def send_due() -> int:
    """Send every due row; return how many were sent. A row that fails does not stop the others."""
    return sum(send(pk) for pk in list(waiting().values_list("pk", flat=True)))


def _is_undeliverable(row: OutboxMail) -> bool:
    # A mail to the managers themselves is left to the log.
    return row.tries >= registered.OutboxMail.objects.all().MAX_TRIES and row.kind != ALERT


def _deliver(row: OutboxMail) -> bool:
    """Send ``row``; return ``False`` if its news is stale or a later mail replaces it."""
    if row.kind == ALERT:
        subject, body = _Hooks.write(row.context)
        mail_managers(subject, body, fail_silently=False)
        return True
    with translation.override(row.language):
        mail = rendering.render(row.kind, row.language, row.user, row.context)
        if mail is None or _is_replaced(row):
            return False
        if mail.mistake:
            with translation.override(django_settings.LANGUAGE_CODE):
                name = str(KINDS[row.kind].name)
            _Hooks.reporter.text_unusable(row, name, mail.mistake, mail.mistake_key)
        delivery.deliver(mail, row.user, row.email)
    return True


def _is_replaced(row: OutboxMail) -> bool:
    return KINDS[row.kind].newest_only and registered.OutboxMail.objects.newer_than(row).exists()

"""The outbox: mails are written as rows with the facts they tell of, and sent after commit.

A mail server that is down blocks nothing: the row stays due and the next run sends it.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from django.conf import settings as django_settings
from django.core.mail import mail_managers
from django.db.models import F
from django.utils import timezone, translation

from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import delivery, rendering
from oscar_subscriptions.mail.kinds import KINDS
from oscar_subscriptions.transactions import after_commit, for_update

logger = logging.getLogger(__name__)

# To the shop's managers; the kinds of mail to members are those of ``kinds``.
ALERT = "alert"

# How long one process may take to send one mail before another may try again.
LEASE = timedelta(minutes=10)


class Reporter(Protocol):
    """Hears what went wrong with a mail to a member. ``row`` is the row of the outbox."""

    def undeliverable(self, row: Any) -> None:
        """``row`` was tried ``MAX_TRIES`` times in vain, or once more."""

    def settled(self, row: Any, was_sent: bool) -> None:
        """``row`` was undeliverable; it was sent after all, or is no longer needed."""

    def text_unusable(self, row: Any, kind_name: str, mistake: str, key: str) -> None:
        """The text that an operator typed can't be rendered; ``key`` is the same for the same
        text."""


class _Hooks:
    """What the room above has registered with :func:`register_alerts`."""

    write: Callable[[dict[str, Any]], tuple[str, str]]
    reporter: Reporter


def register_alerts(write: Callable[[dict[str, Any]], tuple[str, str]], reporter: Reporter) -> None:
    """Connect the outbox to the alerts, which stand above it.

    Args:
        write: returns subject and body of a mail to the managers; called with the facts of its row.
        reporter: hears of failures.
    """
    _Hooks.write, _Hooks.reporter = staticmethod(write), reporter


def to_member(
    subscription: Any, kind: str, key: str, facts: dict[str, Any], *, at_once: bool = True
) -> bool:
    """Write one mail to the member of ``subscription``, in the language of their orders.

    Args:
        kind: a key of ``kinds.KINDS``.
        key: what it is about; a second row with the same kind and key is not written.
        facts: ids as JSON; the mail reads the rest when it is sent.
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


def queue(kind: str, key: str, **named: Any) -> Any:
    """Write one mail to the outbox, to be sent after commit; return its row.

    Arguments as in :func:`put`.
    """
    row, created = put(kind, key, **named)
    if created:
        after_commit(send, row.pk)
    return row


def put(
    kind: str,
    key: str,
    *,
    user: Any = None,
    language: str = "",
    context: dict[str, Any] | None = None,
) -> tuple[Any, bool]:
    """Write one mail to the outbox, for the next run to send.

    Args:
        kind: ``ALERT`` or a key of ``kinds.KINDS``.
        key: what it is about; a second row with the same kind and key is not written.
        user: the member; ``None`` for a mail to the shop's managers.
        language: language code; default: the shop's.
        context: facts as JSON, such as ids; the mail reads the rest when it is sent.

    Returns:
        The row, an old one if it was there already, and whether it is new.
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


def language_of(subscription: Any) -> str:
    """Return the language code of mail to the member of ``subscription``; "" for the shop's.

    It is the language in which the member ordered; for a grant, that of another order.
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
    OutboxMail = registered.OutboxMail
    now = timezone.now()
    rows = OutboxMail.objects.filter(pk=row_id)
    # The conditions on the row itself, not in a subquery: PostgreSQL asks only those again when
    # another process has claimed the row while this one waited for it.
    claim = OutboxMail.objects.due(now - LEASE).filter(pk=row_id)
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
    """Delete one row that nobody has begun to send; needs an open transaction.

    Returns:
        Whether there was one. If not, the member may have read the mail.
    """
    # Locked first: what is found free stays so, whoever is about to claim it.
    free = for_update(registered.OutboxMail.objects.all()).filter(
        kind=kind, key=key, sent_at__isnull=True, claimed_at__isnull=True
    )
    row = free.first()
    if row is not None:
        row.delete()
    return row is not None


def due() -> Any:
    """Return the rows that wait to be sent, as a queryset."""
    return registered.OutboxMail.objects.due(timezone.now() - LEASE)


def send_due() -> int:
    """Send every due row; return how many were sent. One that fails does not stop the others."""
    return sum(send(pk) for pk in list(due().values_list("pk", flat=True)))


def _is_undeliverable(row: Any) -> bool:
    """After so many tries somebody has to know; a mail to the shop itself is left to the log."""
    return row.tries >= type(row).objects.all().MAX_TRIES and row.kind != ALERT


def _deliver(row: Any) -> bool:
    """Send it; return whether it was still to be sent."""
    if row.kind == ALERT:
        subject, body = _Hooks.write(row.context)
        mail_managers(subject, body, fail_silently=False)
        return True
    with translation.override(row.language):
        mail = rendering.write(row.kind, row.language, row.user, row.context)
        if mail is None or _is_replaced(row):
            return False
        if mail.mistake:
            with translation.override(django_settings.LANGUAGE_CODE):
                name = str(KINDS[row.kind].name)
            _Hooks.reporter.text_unusable(row, name, mail.mistake, mail.mistake_key)
        delivery.deliver(mail, row.user, row.email)
    return True


def _is_replaced(row: Any) -> bool:
    """Of the reminders that waited for the mail server the last one is enough."""
    return KINDS[row.kind].newest_only and type(row).objects.newer_than(row).exists()

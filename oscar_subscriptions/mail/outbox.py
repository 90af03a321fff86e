"""The outbox: e-mails are written as rows with the facts they tell of, and sent after commit.

A mail server that is down blocks nothing: the row stays due and the next run sends it.
"""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings as django_settings
from django.core.mail import mail_managers
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.mail import delivery, kinds, rendering
from oscar_subscriptions.mail.kinds import ORDER_CONFIRMED as ORDER_CONFIRMED
from oscar_subscriptions.mail.kinds import SELLER_ACTIVATED as SELLER_ACTIVATED
from oscar_subscriptions.transactions import after_commit, for_update

logger = logging.getLogger(__name__)

# To the shop's managers; the kinds of e-mails to members are those of ``mails``.
ALERT = "alert"

# How long one process may take to send one e-mail before another may try again.
LEASE = timedelta(minutes=10)


def queue(kind: str, key: str, **named: Any) -> Any:
    """Write one e-mail to the outbox, to be sent once the transaction is committed.

    Arguments as in :func:`put`.

    Returns:
        The row, an old one if it was there already.
    """
    notification, created = put(kind, key, **named)
    if created:
        after_commit(send, notification.pk)
    return notification


def put(
    kind: str,
    key: str,
    *,
    user: Any = None,
    language: str = "",
    context: dict[str, Any] | None = None,
) -> tuple[Any, bool]:
    """Write one e-mail to the outbox, for the next run to send.

    Args:
        kind: ``ALERT`` or a key of ``mails.KINDS``.
        key: what it is about; a second row with the same kind and key is not written.
        user: the member; ``None`` for e-mails to the shop's managers.
        language: language code; default: the shop's.
        context: facts as JSON, such as ids; the e-mail reads the rest when it is sent.

    Returns:
        The row, an old one if it was there already, and whether it is new.
    """
    return get_model("oscar_subscriptions", "Notification").objects.get_or_create(
        kind=kind,
        key=key,
        defaults={
            "user": user,
            "email": user.email if user else "",
            "language": language or django_settings.LANGUAGE_CODE,
            "context": context or {},
        },
    )


def send(notification_id: int) -> bool:
    """Send one row, unless it was sent or somebody is sending it right now.

    Returns:
        Whether it was sent by this call. A failure is kept on the row, not raised.
    """
    Notification = get_model("oscar_subscriptions", "Notification")
    now = timezone.now()
    row = Notification.objects.filter(pk=notification_id)
    # The conditions on the row itself, not in a subquery: PostgreSQL asks only those again when
    # another process has claimed the row while this one waited for it.
    claim = Notification.objects.due(now - LEASE).filter(pk=notification_id)
    if not claim.update(claimed_at=now, tries=F("tries") + 1):
        return False
    try:
        notification = row.select_related("user").get()
        was_sent = _deliver(notification)
    except Exception as error:  # whatever the mail server or a shop's template raises
        logger.exception("E-mail %s not sent", notification_id)
        row.update(claimed_at=None, last_error=f"{type(error).__name__}: {error}"[:255])
        _report(row.get())
        return False
    row.update(sent_at=timezone.now(), last_error="")
    if _was_reported(notification):
        note = _("It was sent after all.") if was_sent else _("It was not needed any more.")
        alerts.settle(_alert_key(notification), note)
    return True


def take_back(kind: str, key: str) -> bool:
    """Delete one row that nobody has begun to send; called in a transaction.

    Returns:
        Whether there was one. If not, the member may have read it.
    """
    # Locked first: what is found free stays so, whoever is about to claim it.
    free = for_update(get_model("oscar_subscriptions", "Notification").objects.all()).filter(
        kind=kind, key=key, sent_at__isnull=True, claimed_at__isnull=True
    )
    row = free.first()
    if row is not None:
        row.delete()
    return row is not None


def _report(notification: Any) -> None:
    """After so many tries somebody has to know; an e-mail to the shop itself is left to the log."""
    if _was_reported(notification):
        alerts.raise_alert(
            alerts.UNDELIVERED,
            _alert_key(notification),
            reason=f"{notification.kind} {notification.email}: {notification.last_error}",
        )


def _was_reported(notification: Any) -> bool:
    too_often = notification.tries >= type(notification).objects.all().MAX_TRIES
    return too_often and notification.kind != ALERT


def _alert_key(notification: Any) -> str:
    return f"undelivered-{notification.pk}"


def send_due() -> int:
    """Send every due row; return how many were sent. One that fails does not stop the others."""
    return sum(send(pk) for pk in list(_due().values_list("pk", flat=True)))


def count_due() -> int:
    """Return how many rows wait to be sent."""
    return _due().count()


def _due() -> Any:
    Notification = get_model("oscar_subscriptions", "Notification")
    return Notification.objects.due(timezone.now() - LEASE)


def _deliver(notification: Any) -> bool:
    """Send it; return whether it was still to be sent."""
    if notification.kind == ALERT:
        Alert = get_model("oscar_subscriptions", "Alert")
        subject, body = alerts.write_mail(Alert.objects.get(pk=notification.context["alert"]))
        mail_managers(subject, body, fail_silently=False)
        return True
    with translation.override(notification.language):
        mail = rendering.write(
            notification.kind, notification.language, notification.user, notification.context
        )
        if mail is None or _is_replaced(notification):
            return False  # what it tells of is no longer so, or is told by another one
        if mail.mistake:
            _tell_of_mistake(notification, mail)
        delivery.deliver(mail, notification.user, notification.email)
    return True


def _is_replaced(notification: Any) -> bool:
    """Of the reminders that waited for the mail server the last one is enough."""
    is_reminder = kinds.KINDS[notification.kind].is_reminder
    return is_reminder and type(notification).objects.newer_than(notification).exists()


def _tell_of_mistake(notification: Any, mail: rendering.Mail) -> None:
    with translation.override(django_settings.LANGUAGE_CODE):
        name = str(kinds.KINDS[notification.kind].name)
    alerts.raise_alert(
        alerts.MAIL_MISTAKE,
        f"text-{mail.mistake_key}",
        reason=f"{name} ({notification.language}): {mail.mistake}",
    )

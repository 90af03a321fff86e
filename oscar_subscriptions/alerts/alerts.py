"""Raise and resolve alerts: rows for operators, and mails to the shop's managers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from oscar_subscriptions import journal
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import kinds, outbox
from oscar_subscriptions.transactions import after_commit

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Alert, Order, OutboxMail, Subscription, User

logger = logging.getLogger(__name__)


def raise_alert(
    kind: str,
    key: str,
    *,
    order: Order | None = None,
    subscription: Subscription | None = None,
    detail: Mapping[str, object] | None = None,
    reason: str = "",
    lasting: bool = False,
) -> bool:
    """Write an alert, and a mail to the managers into the outbox; once for each ``key``.

    An alert that an operator has resolved stays resolved. One that the software settled, because
    its cause was gone, is raised again when the cause is back: no operator has decided about it.

    Args:
        kind: a key of ``KINDS``.
        key: its subject. The same fact has the same key, also after it was resolved.
        order: the order whose number the title mentions.
        subscription: the subscription whose page shows it.
        detail: the facts by the names that the kind's title mentions; ``order`` is added; and
            ``lines``, what has happened. See ``wording``.
        reason: another system's message, as it came.
        lasting: a condition that can come back; raised again even if an operator had resolved it.

    Returns:
        Whether it is news.
    """
    facts: dict[str, object] = {"order": order.number} if order is not None else {}
    said = {"detail": facts | dict(detail or {}), "reason": reason}
    with transaction.atomic():
        alert, is_news = registered.Alert.objects.get_or_create(
            key=key,
            defaults={"kind": kind, "order": order, "subscription": subscription, **said},
        )
        if is_news:
            _announce(alert)
        else:
            is_news = _raise_anew(alert, said, lasting)
    return is_news


def reopen(key: str) -> bool:
    """Raise the alert ``key`` again if the software had settled it, because its cause is back.

    Returns:
        Whether it is news; not if there is no such alert, it is open, or an operator resolved it.
    """
    with transaction.atomic():
        alert = registered.Alert.objects.filter(key=key).first()
        return alert is not None and _raise_anew(alert, {}, lasting=False)


def _raise_anew(alert: Alert, said: Mapping[str, object], lasting: bool) -> bool:
    # The former note and its author stay until the next ones replace them.
    again = {"resolved_at": None, "raised_at": timezone.now(), "times": F("times") + 1}
    over = registered.Alert.objects.filter(pk=alert.pk, resolved_at__isnull=False)
    if not lasting:
        over = over.filter(resolved_by_name="")
    if not over.update(**said, **again):
        return False
    alert.refresh_from_db()
    _announce(alert)
    return True


def _announce(alert: Alert) -> None:
    # An operator's preview raises alerts too, and is rolled back.
    after_commit(logger.error, "Alert %s: %s", alert.key, alert.reason)
    outbox.queue(kinds.ALERT, _mail_key(alert), context={"alert": alert.pk})


def resolve(alert: Alert, *, actor: User, note: str) -> bool:
    """Resolve ``alert`` as an operator.

    Args:
        alert: an ``Alert`` as the operator saw it: if it was resolved and raised again since, it
            stays open.
        actor: the operator.
        note: what was done about it; not blank.

    Returns:
        Whether it was open; if not, nothing is overwritten.

    Raises:
        ValueError: the note is blank.
    """
    if not note.strip():
        raise ValueError("an alert is resolved with a note")
    return _close(
        note.strip(), actor, journal.display_name(actor), key=alert.key, times=alert.times
    )


def settle(key: str, note: str) -> bool:
    """Resolve the alert ``key`` because its cause is gone; return whether it was open.

    Args:
        note: what happened, in English, marked with ``gettext_noop``: it is translated when read.
    """
    return _close(note, None, "", key=key)


def _close(note: str, actor: User | None, name: str, **which: object) -> bool:
    opened = registered.Alert.objects.open().filter(**which)
    return bool(
        opened.update(
            resolved_at=timezone.now(), note=note, resolved_by=actor, resolved_by_name=name
        )
    )


def mail_of(alert: Alert) -> OutboxMail | None:
    """Return the outbox row of the mail about ``alert`` as last raised."""
    rows = registered.OutboxMail.objects
    return rows.filter(kind=kinds.ALERT, key=_mail_key(alert)).first()


def _mail_key(alert: Alert) -> str:
    return f"{alert.pk}-{alert.times}"

"""Alerts: what only a person can decide becomes a row that operators see and resolve, and an
e-mail to the shop's managers. Never silence.
"""

import logging
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from oscar_subscriptions import journal
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import outbox

logger = logging.getLogger(__name__)


def raise_alert(
    kind: str,
    key: str,
    *,
    order: Any = None,
    subscription: Any = None,
    detail: dict[str, Any] | None = None,
    reason: str = "",
    lasting: bool = False,
) -> bool:
    """Write an alert, and an e-mail to the managers into the outbox; once for each ``key``.

    What an operator has resolved stays resolved. What the software had settled, because its cause
    was gone, is raised anew when the cause is back: nobody has decided about it yet.

    Args:
        kind: a key of ``KINDS``.
        key: what it is about. The same fact has the same key, also after it was resolved.
        order: the order whose number the title mentions.
        subscription: whose page shows it.
        detail: further facts as JSON.
        reason: one sentence, or what another system said.
        lasting: a condition that can come back; raised anew even if an operator had resolved it.

    Returns:
        Whether it is news.
    """
    Alert = registered.Alert
    facts = {"order": order.number} if order is not None else {}
    said = {"detail": facts | (detail or {}), "reason": reason}
    with transaction.atomic():
        alert, is_news = Alert.objects.get_or_create(
            key=key,
            defaults={"kind": kind, "order": order, "subscription": subscription, **said},
        )
        if is_news:
            _announce(alert)
        else:
            is_news = _raise_anew(alert, said, lasting)
    return is_news


def reopen(key: str) -> bool:
    """Raise the alert ``key`` anew if the software had settled it: what settled it is undone.

    Returns:
        Whether it is news; it is none if there is no such alert, or an operator resolved it.
    """
    with transaction.atomic():
        alert = registered.Alert.objects.filter(key=key).first()
        return alert is not None and _raise_anew(alert, {}, lasting=False)


def _raise_anew(alert: Any, said: dict[str, Any], lasting: bool) -> bool:
    # The note of last time, and whose it was, stay until the next one takes their place.
    again = {"resolved_at": None, "raised_at": timezone.now(), "times": F("times") + 1}
    over = type(alert).objects.filter(pk=alert.pk, resolved_at__isnull=False)
    if not lasting:
        over = over.filter(resolved_by_name="")
    if not over.update(**said, **again):
        return False
    alert.refresh_from_db()
    _announce(alert)
    return True


def _announce(alert: Any) -> None:
    logger.error("Alert %s: %s", alert.key, alert.reason)
    outbox.queue(outbox.ALERT, _mail_key(alert), context={"alert": alert.pk})


def resolve(alert: Any, *, actor: Any, note: str) -> bool:
    """Close ``alert`` as the operator knows it.

    Args:
        alert: an ``Alert``, as the operator saw it: if it was resolved and raised again since
            then, it stays open.
        actor: the operator.
        note: what was done about it; not empty.

    Returns:
        Whether it was open; if not, nothing is overwritten.

    Raises:
        ValueError: the note is empty.
    """
    if not note.strip():
        raise ValueError("an alert is resolved with a note")
    return _close(
        note.strip(), actor, journal.display_name(actor), key=alert.key, times=alert.times
    )


def settle(key: str, note: str) -> bool:
    """Close the alert ``key`` because its cause is gone; nothing happens if none is open.

    Args:
        note: what happened, for whoever reads it later.
    """
    return _close(note, None, "", key=key)


def _close(note: str, actor: Any, name: str, **which: Any) -> bool:
    opened = registered.Alert.objects.open().filter(**which)
    who = {"resolved_by": actor, "resolved_by_name": name}
    return bool(opened.update(resolved_at=timezone.now(), note=note, **who))


def mail_of(alert: Any) -> Any | None:
    """Return the e-mail of the outbox that tells of ``alert`` as it was last raised."""
    rows = registered.OutboxMail.objects
    return rows.filter(kind=outbox.ALERT, key=_mail_key(alert)).first()


def _mail_key(alert: Any) -> str:
    return f"{alert.pk}-{alert.times}"

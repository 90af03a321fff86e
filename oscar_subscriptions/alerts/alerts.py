"""Alerts: what only a person can decide becomes a row that operators see and resolve, and an
e-mail to the shop's managers. Never silence.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings as django_settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from oscar_subscriptions.mail import outbox as mail_outbox

logger = logging.getLogger(__name__)

ORDER_REFUSED = "order-refused"
PAYMENT_MISMATCH = "payment-mismatch"
SECOND_PAYMENT = "second-payment"
REVERSAL = "reversal"
REVERSAL_ENDED = "reversal-ended"
NOT_PAYABLE = "not-payable"
UNCLAIMED_PAYMENT = "unclaimed-payment"
PROVIDER_KEY = "provider-key"
DAYS_SOLD_AGAIN = "days-sold-again"
UNDELIVERED = "undelivered"
MAIL_MISTAKE = "mail-mistake"
HANDED_OVER_UNPAID = "handed-over-unpaid"
CREDIT_UNPAID = "credit-unpaid"
GIVEN_UP = "given-up"
PAID_AGAIN = "paid-again"
CUSTOMER_KEPT = "customer-kept"


@dataclass(frozen=True)
class Kind:
    """What an alert says.

    Args:
        title: with ``%(name)s`` for each name of the alert's detail that it mentions.
        advice: what the operator can do.
    """

    title: Any
    advice: Any = ""


KINDS = {
    ORDER_REFUSED: Kind(
        _("Order %(order)s is paid but gives no subscription"),
        _(
            "Put right what stands in the way, and the next run gives the subscription; or refund "
            "the payment at the provider."
        ),
    ),
    PAYMENT_MISMATCH: Kind(
        _("The payment of order %(order)s does not match"),
        _("The money has arrived but gives nothing. Refund it at the provider."),
    ),
    SECOND_PAYMENT: Kind(
        _("Order %(order)s was paid a second time"),
        _("Refund one of the payments at the provider."),
    ),
    REVERSAL: Kind(
        _("Money of order %(order)s was given or taken back"),
        _("Look at the payment at the provider and decide whether the subscription goes on."),
    ),
    REVERSAL_ENDED: Kind(
        _("The payment of order %(order)s stands again, the subscription does not"),
        _("An operator had withdrawn it. Restore it if the member may have it back."),
    ),
    NOT_PAYABLE: Kind(
        _("Order %(order)s can't be paid"), _("The provider does not accept the order's total.")
    ),
    UNCLAIMED_PAYMENT: Kind(
        _("A payment at the provider belongs to no order of this shop"),
        _("Was the database restored from a backup? The payment names the order."),
    ),
    PROVIDER_KEY: Kind(
        _("The payment provider does not accept the shop's key"),
        _("Payments can't be confirmed until the key in the settings is right; none is lost."),
    ),
    DAYS_SOLD_AGAIN: Kind(
        _("A subscription can't be restored: its days were sold again"),
        _("Grant the member the days under the plan, or refund the payment."),
    ),
    HANDED_OVER_UNPAID: Kind(
        _("What order %(order)s paid for was handed over, and its money has gone back"),
        _("The other member keeps the days until an operator decides; nothing was withdrawn."),
    ),
    CREDIT_UNPAID: Kind(
        _("What order %(order)s paid for was credited, and its money has gone back"),
        _("The credited days count until an operator decides; nothing was withdrawn."),
    ),
    GIVEN_UP: Kind(
        _("Order %(order)s, a change of plan, is no longer paid: what was given up for it is gone"),
        _("Grant the member the days that were given up, if they are to count again."),
    ),
    PAID_AGAIN: Kind(
        _("The payment of order %(order)s stands again after an operator had decided about it"),
        _("Look at the earlier alert and its note: what was done then may have to be undone."),
    ),
    UNDELIVERED: Kind(
        _("An e-mail can't be delivered"), _("Reach the member in another way.")
    ),
    MAIL_MISTAKE: Kind(
        _("The text of an e-mail can’t be used"),
        _("It was sent with the text of its file. Please correct the text in the dashboard."),
    ),
    CUSTOMER_KEPT: Kind(
        _("The payment provider still keeps customer %(customer)s"),
        _(
            "The member is to be forgotten there, with the card. Every run asks the provider "
            "again; or delete the customer in the provider's dashboard."
        ),
    ),
}  # fmt: skip


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
    Alert = get_model("oscar_subscriptions", "Alert")
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
        alert = get_model("oscar_subscriptions", "Alert").objects.filter(key=key).first()
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
    mail_outbox.queue(mail_outbox.ALERT, _mail_key(alert), context={"alert": alert.pk})


def title(alert: Any) -> str:
    """Return what ``alert`` says, in the active language."""
    kind = KINDS.get(alert.kind)
    try:
        return str(kind.title) % alert.detail if kind else alert.kind
    except (KeyError, TypeError):
        return alert.kind


def advice(alert: Any) -> str:
    """Return what an operator can do about ``alert``, in the active language."""
    kind = KINDS.get(alert.kind)
    return str(kind.advice) if kind else ""


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
    name = (actor.get_full_name() or actor.get_username())[:255]
    return _close(note.strip(), actor, name, key=alert.key, times=alert.times)


def settle(key: str, note: str) -> bool:
    """Close the alert ``key`` because its cause is gone; nothing happens if none is open.

    Args:
        note: what happened, for whoever reads it later.
    """
    return _close(note, None, "", key=key)


def _close(note: str, actor: Any, name: str, **which: Any) -> bool:
    opened = get_model("oscar_subscriptions", "Alert").objects.open().filter(**which)
    who = {"resolved_by": actor, "resolved_by_name": name}
    return bool(opened.update(resolved_at=timezone.now(), note=note, **who))


def mail_of(alert: Any) -> Any | None:
    """Return the e-mail of the outbox that tells of ``alert`` as it was last raised."""
    outbox = get_model("oscar_subscriptions", "Notification").objects
    return outbox.filter(kind=mail_outbox.ALERT, key=_mail_key(alert)).first()


def _mail_key(alert: Any) -> str:
    return f"{alert.pk}-{alert.times}"


def write_mail(alert: Any) -> tuple[str, str]:
    """Return subject and body of the e-mail to the managers, in the shop's language."""
    with translation.override(django_settings.LANGUAGE_CODE):
        parts = [title(alert), alert.reason, advice(alert)]
        return parts[0], "\n\n".join(part for part in parts[1:] if part)

"""The outbox: e-mails are written as rows with the facts they tell of, and sent after commit.

A mail server that is down blocks nothing: the row stays due and the next run sends it.
"""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings as django_settings
from django.contrib.sites.models import Site
from django.core.mail import mail_managers
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from oscar.core.loading import get_class, get_model

from oscar_subscriptions import conf
from oscar_subscriptions.commit import after_commit

logger = logging.getLogger(__name__)

ORDER_CONFIRMED = "order-confirmed"
SELLER_ACTIVATED = "seller-activated"
PAYMENT_PROBLEM = "payment-problem"

# Oscar looks up templates and the shop's own texts by these codes.
COMMUNICATION_CODES = {
    ORDER_CONFIRMED: "SUBSCRIPTIONS_ORDER_CONFIRMED",
    SELLER_ACTIVATED: "SUBSCRIPTIONS_SELLER_ACTIVATED",
}

# How long one process may take to send one e-mail before another may try again.
LEASE = timedelta(minutes=10)


def queue(
    kind: str,
    key: str,
    *,
    user: Any = None,
    language: str = "",
    context: dict[str, Any] | None = None,
) -> Any:
    """Write one e-mail to the outbox, to be sent once the transaction is committed.

    Args:
        kind: one of the constants of this module.
        key: what it is about; a second row with the same kind and key is not written.
        user: the member; ``None`` for e-mails to the shop's managers.
        language: language code; default: the shop's.
        context: facts as JSON, such as ids; the e-mail reads the rest when it is sent.

    Returns:
        The row, an old one if it was there already.
    """
    Notification = get_model("oscar_subscriptions", "Notification")
    notification, created = Notification.objects.get_or_create(
        kind=kind,
        key=key,
        defaults={
            "user": user,
            "email": user.email if user else "",
            "language": language or django_settings.LANGUAGE_CODE,
            "context": context or {},
        },
    )
    if created:
        after_commit(send, notification.pk)
    return notification


def tell_managers(key: str, subject: str, body: str) -> bool:
    """Write an e-mail to the shop's ``MANAGERS`` to the outbox; once for each ``key``.

    Returns:
        Whether it is the first one for ``key``.
    """
    Notification = get_model("oscar_subscriptions", "Notification")
    if Notification.objects.filter(kind=PAYMENT_PROBLEM, key=key).exists():
        return False
    queue(PAYMENT_PROBLEM, key, context={"subject": subject, "body": body})
    return True


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
        _deliver(row.select_related("user").get())
    except Exception as error:  # whatever the mail server or a shop's template raises
        logger.exception("E-mail %s not sent", notification_id)
        row.update(claimed_at=None, last_error=f"{type(error).__name__}: {error}"[:255])
        return False
    row.update(sent_at=timezone.now(), last_error="")
    return True


def send_due() -> int:
    """Send every due row; return how many were sent. One that fails does not stop the others."""
    return sum(send(pk) for pk in list(_due().values_list("pk", flat=True)))


def count_due() -> int:
    """Return how many rows wait to be sent."""
    return _due().count()


def _due() -> Any:
    Notification = get_model("oscar_subscriptions", "Notification")
    return Notification.objects.due(timezone.now() - LEASE)


def _deliver(notification: Any) -> None:
    with translation.override(notification.language):
        if notification.kind == PAYMENT_PROBLEM:
            facts = notification.context
            mail_managers(facts["subject"], facts["body"], fail_silently=False)
            return
        code = COMMUNICATION_CODES[notification.kind]
        dispatcher = get_class("communication.utils", "Dispatcher")()
        messages = dispatcher.get_messages(code, _context(notification))
        if notification.user is not None:
            dispatcher.dispatch_user_messages(notification.user, messages)
        elif notification.email:
            dispatcher.dispatch_direct_messages(notification.email, messages)


def _context(notification: Any) -> dict[str, Any]:
    site = Site.objects.get_current()
    base_url = conf.settings.BASE_URL or f"https://{site.domain}"
    context = {"user": notification.user, "site": site, "base_url": base_url.rstrip("/")}
    facts = notification.context
    if "order" in facts:
        order = get_model("order", "Order").objects.get(pk=facts["order"])
        path = reverse("customer:order", kwargs={"order_number": order.number})
        context |= {
            "order": order,
            "lines": order.lines.all(),
            "status_path": path,
            "status_url": f"{context['base_url']}{path}",
        }
    if "term" in facts:
        Term = get_model("oscar_subscriptions", "Term")
        context["term"] = Term.objects.select_related("subscription__plan").get(pk=facts["term"])
    return context

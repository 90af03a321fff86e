"""The provider's webhook. An event is a hint: it says that asking is worth while, never what is so.

dj-stripe calls these inside its own transaction, and an error there would be answered with 500 and
repeated. So the hint becomes a row in the transaction; asking the provider comes after commit, may
fail without harm, and is then done by the next run.
"""

import logging
import uuid
from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from djstripe import signals
from djstripe.event_handlers import djstripe_receiver
from djstripe.models import Event
from oscar.core.loading import get_model

from oscar_subscriptions.commit import after_commit
from oscar_subscriptions.payments.events import SESSION_EVENTS
from oscar_subscriptions.payments.reconcile import reconcile

logger = logging.getLogger(__name__)


@djstripe_receiver(list(SESSION_EVENTS))
def session_changed(sender: type[Event], event: Event, **kwargs: Any) -> None:
    """Reconcile the attempt that the event's session was made for."""
    _follow(event.data)


@receiver(signals.webhook_processing_error, dispatch_uid="oscar_subscriptions.processing_error")
def processing_failed(sender: Any, instance: Any = None, **kwargs: Any) -> None:
    """Reconcile although dj-stripe could not store a signed event; its transaction is gone."""
    if instance is None or not instance.valid:
        return
    body = instance.json_body
    if isinstance(body, dict) and body.get("type") in SESSION_EVENTS:
        _follow(body.get("data"))


def _follow(data: Any) -> None:
    session = data.get("object") if isinstance(data, dict) else None
    if not isinstance(session, dict) or not isinstance(session.get("id"), str):
        return
    Attempt = get_model("oscar_subscriptions_payments", "Attempt")
    # The answer with the session's id may have been lost on its way to us.
    if reference := _uuid(session.get("client_reference_id")):
        lost = Attempt.objects.filter(reference=reference, session_id__isnull=True)
        if not Attempt.objects.filter(session_id=session["id"]).exists():
            lost.update(session_id=session["id"], url=session.get("url") or "")
    attempts = Attempt.objects.filter(session_id=session["id"])
    attempts.update(due_at=timezone.now())
    for pk in attempts.values_list("pk", flat=True):
        after_commit(_reconcile, pk)


def _uuid(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except (AttributeError, TypeError, ValueError):
        return None


def _reconcile(pk: int) -> None:
    try:
        reconcile(get_model("oscar_subscriptions_payments", "Attempt").objects.get(pk=pk))
    except Exception:  # the row says that it is due; the next run asks again
        logger.exception("Attempt %s not reconciled after an event", pk)

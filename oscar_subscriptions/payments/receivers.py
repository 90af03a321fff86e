"""The provider's webhook. An event makes the shop ask the provider; its content proves nothing.

dj-stripe calls these receivers inside its own transaction, and an error there would be answered
with 500, and the event sent again. So the transaction only marks the attempt as due. The provider
is asked after commit; if that fails, the next run asks.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.dispatch import receiver
from djstripe import signals
from djstripe.event_handlers import djstripe_receiver
from djstripe.models import Event

from oscar_subscriptions.payments.provider import fields
from oscar_subscriptions.payments.provider.events import EVENTS
from oscar_subscriptions.payments.reconciliation import matching, reconcile
from oscar_subscriptions.transactions import after_commit

if TYPE_CHECKING:
    from oscar_subscriptions.payments.models import Attempt

logger = logging.getLogger(__name__)


@djstripe_receiver(list(EVENTS))
def something_happened(sender: object, event: Event, **kwargs: object) -> None:
    """Reconcile the attempts that the event concerns."""
    _follow(event.data)


@receiver(signals.webhook_processing_error, dispatch_uid="oscar_subscriptions.processing_error")
def processing_failed(sender: object, instance: Any = None, **kwargs: object) -> None:
    """Reconcile although dj-stripe failed to store a signed event; its transaction is rolled back.

    Args:
        instance: dj-stripe's ``WebhookEventTrigger``, if there is one.
    """
    if instance is None or not instance.valid:
        return
    body = instance.json_body
    if isinstance(body, dict) and body.get("type") in EVENTS:
        _follow(body.get("data"))


def _follow(data: object) -> None:
    for attempt in matching.mark_due(fields.get(data, "object")):
        after_commit(_answer, attempt)


def _answer(attempt: Attempt) -> None:
    try:
        reconcile.answer(attempt, thorough=True)
    except Exception:  # it is still due: the next run asks again
        logger.exception("Attempt %s not reconciled after an event", attempt.pk)

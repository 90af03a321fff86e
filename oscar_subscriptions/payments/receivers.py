"""The provider's webhook. An event is a hint: it says that asking is worth while, never what is so.

dj-stripe calls these inside its own transaction, and an error there would be answered with 500 and
repeated. So the hint becomes a row in the transaction; asking the provider comes after commit, may
fail without harm, and is then done by the next run.
"""

import logging
from typing import Any

from django.dispatch import receiver
from djstripe import signals
from djstripe.event_handlers import djstripe_receiver
from djstripe.models import Event

from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments.provider.events import EVENTS
from oscar_subscriptions.payments.reconciliation import matching
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from oscar_subscriptions.transactions import after_commit

logger = logging.getLogger(__name__)


@djstripe_receiver(list(EVENTS))
def something_happened(sender: type[Event], event: Event, **kwargs: Any) -> None:
    """Reconcile the attempt that the event is about."""
    _follow(event.data)


@receiver(signals.webhook_processing_error, dispatch_uid="oscar_subscriptions.processing_error")
def processing_failed(sender: Any, instance: Any = None, **kwargs: Any) -> None:
    """Reconcile although dj-stripe could not store a signed event; its transaction is gone."""
    if instance is None or not instance.valid:
        return
    body = instance.json_body
    if isinstance(body, dict) and body.get("type") in EVENTS:
        _follow(body.get("data"))


def _follow(data: Any) -> None:
    for pk in matching.mark_due(data.get("object") if isinstance(data, dict) else None):
        after_commit(_reconcile, pk)


def _reconcile(pk: int) -> None:
    try:
        attempt = registered_payments.Attempt.objects.get(pk=pk)
        reconcile(attempt, wait=False)
    except Exception:  # the row says that it is due; the next run asks again
        logger.exception("Attempt %s not reconciled after an event", pk)

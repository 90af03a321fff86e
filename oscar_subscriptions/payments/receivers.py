"""The provider's webhook. An event makes the shop ask the provider; its content proves nothing.

dj-stripe calls these receivers inside its own transaction, and an error there would be answered
with 500, and the event sent again. So the transaction only marks the attempt as due. The provider
is asked after commit; if that fails, the next run asks.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.dispatch import receiver
from djstripe import signals as djstripe_signals
from djstripe.event_handlers import djstripe_receiver
from djstripe.models import Event
from oscar.apps.order.signals import order_status_changed

from oscar_subscriptions import conf, signals
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments.attempts.cancellation import close_attempts
from oscar_subscriptions.payments.projections import order_status
from oscar_subscriptions.payments.provider import fields
from oscar_subscriptions.payments.provider.events import EVENTS
from oscar_subscriptions.payments.reconciliation import matching, reconcile
from oscar_subscriptions.transactions import after_commit

if TYPE_CHECKING:
    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.protocols import Order, OrderLine, Term

logger = logging.getLogger(__name__)


@djstripe_receiver(list(EVENTS))
def something_happened(sender: object, event: Event, **kwargs: object) -> None:
    """Reconcile the attempts that the event concerns."""
    _follow(event.data)


@receiver(
    djstripe_signals.webhook_processing_error, dispatch_uid="oscar_subscriptions.processing_error"
)
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


@receiver(order_status_changed, dispatch_uid="oscar_subscriptions.order_cancelled")
def order_cancelled(order: Order, old_status: str, new_status: str, **kwargs: object) -> None:
    """Alert operators if staff cancel a paid order. Sent by an instance, so without ``sender``."""
    if new_status == conf.settings.CANCELLED_STATUS:
        if order_status.paid_and_cancelled().filter(pk=order.pk).exists():
            order_status.report_cancelled(order)
    elif old_status == conf.settings.CANCELLED_STATUS:
        order_status.settle_cancelled(order.pk)


@receiver(signals.term_started, dispatch_uid="oscar_subscriptions.paid_otherwise")
def close_open_payment(term: Term, **kwargs: object) -> None:
    """Close the open page or charge of an order that was paid otherwise, so that it is not paid
    twice. If the provider does not answer, the daily run does it."""
    line: OrderLine | None = term.order_line
    if line is not None and line.order.subscription_attempts.open().exists():
        close_attempts(line.order)


@receiver(signals.term_revoked, dispatch_uid="oscar_subscriptions.cancelled_and_revoked")
def settle_cancelled(term: Term, **kwargs: object) -> None:
    """Settle the alert about a cancelled order whose term was taken back."""
    if term.order_line is not None:
        order_status.settle_cancelled(term.order_line.order_id)


@receiver(signals.term_restored, dispatch_uid="oscar_subscriptions.watched_again")
def watch_again(term: Term, **kwargs: object) -> None:
    """Let the daily run look for refunds and disputes of a term that counts again."""
    if term.order_line is not None:
        registered_payments.Attempt.objects.filter(
            order=term.order_line.order_id, is_watched=False
        ).update(is_watched=True)


def _follow(data: object) -> None:
    thing = fields.get(data, "object")
    is_session = fields.get(thing, "object") == "checkout.session"
    for attempt in matching.mark_due(thing):
        # Money that has just come: refunds and disputes have events of their own.
        is_first = is_session and attempt.status == attempt.OPEN
        after_commit(_answer, attempt, not is_first)


def _answer(attempt: Attempt, thorough: bool) -> None:
    try:
        reconcile.answer(attempt, thorough=thorough)
    except Exception:  # it is still due: the next run asks again
        logger.exception("Attempt %s not reconciled after an event", attempt.pk)

"""Bring one attempt in line with what the provider knows. Every door calls this.

First the provider is asked, with no lock held; then the answer is applied in one transaction under
locks, always in this order: subscription, order, attempt, terms. Applying an answer twice, or an
old one after a new one, changes nothing that the newer one established.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, journal, notifications
from oscar_subscriptions.commit import after_commit
from oscar_subscriptions.locks import for_update
from oscar_subscriptions.payments import projection, provider, verdict

logger = logging.getLogger(__name__)

# Stripe closes a session after 24 hours at the latest; the rest is for clocks that differ.
LONGEST_LIFE = timedelta(hours=25)


def reconcile(attempt: Any) -> Any:
    """Ask the provider about ``attempt`` and act on the answer.

    Args:
        attempt: an ``Attempt``; one that never reached the provider is left alone.

    Returns:
        The attempt, fresh from the database.

    Raises:
        provider.ProviderUnavailable: no answer; nothing changed.
    """
    if attempt.session_id:
        asked_at = timezone.now()
        session = provider.fetch_session(attempt.session_id)
        apply(attempt, session, asked_at)
    return type(attempt).objects.select_related("order").get(pk=attempt.pk)


def apply(attempt: Any, session: Any, asked_at: datetime) -> None:
    """Write what ``session`` means; one transaction, fixed lock order.

    Args:
        attempt: the attempt that the session was made for.
        session: the provider's answer; ``None`` if it knows no such session, which is not paid.
        asked_at: when the provider was asked; a hint that came in later is kept.
    """
    with transaction.atomic():
        order = get_model("order", "Order").objects.get(pk=attempt.order_id)
        subscription = fulfilment.lock_subscription(order)
        order = for_update(get_model("order", "Order").objects.all()).get(pk=order.pk)
        attempt = for_update(type(attempt).objects.all()).get(pk=attempt.pk)
        attempt.reconciled_at = asked_at
        if attempt.due_at and attempt.due_at <= asked_at:
            attempt.due_at = None
        result = verdict.judge(session, attempt) if session else _unknown(attempt, asked_at)
        if attempt.status not in attempt.SETTLED:
            _settle(attempt, result, session, subscription)
        attempt.save()
        if attempt.status == attempt.PAID:
            _fulfil(order, attempt, subscription)


def _unknown(attempt: Any, asked_at: datetime) -> verdict.Verdict:
    """A session that the provider does not know is not paid; and it never will be once it is old,
    or was made with a key of the other mode. The member can pay anew."""
    is_over = attempt.created_at < asked_at - LONGEST_LIFE
    if is_over or attempt.livemode != provider.is_livemode():
        logger.error("The provider does not know %s any more", attempt.session_id)
        return verdict.Verdict(verdict.EXPIRED)
    return verdict.Verdict(verdict.OPEN)


def _fulfil(order: Any, attempt: Any, subscription: Any) -> None:
    result = fulfilment.order_paid(order)
    if result.term is None and not result.refused:
        _report(attempt, subscription, _("The order holds no plan."))


def _settle(attempt: Any, result: verdict.Verdict, session: Any, subscription: Any) -> None:
    if result.status == verdict.EXPIRED and attempt.status == attempt.OPEN:
        attempt.status = attempt.EXPIRED
    elif result.status == verdict.PENDING:
        attempt.url = ""  # the page has done its part; there is nothing left to pay there
    elif result.status == verdict.REFUSED:
        attempt.status, attempt.problem = attempt.REFUSED, result.problem[:255]
        _keep_ids(attempt, session)
        _report(attempt, subscription, attempt.problem)
    elif result.status == verdict.PAID:
        attempt.status = attempt.PAID
        _keep_ids(attempt, session)
        others = attempt.order.subscription_attempts.filter(status=attempt.PAID)
        # A term without another paid attempt: staff had marked the order as paid by hand.
        if others.exclude(pk=attempt.pk).exists() or fulfilment.term_of(attempt.order):
            attempt.problem = _("The order was paid a second time.")
            _report(attempt, subscription, attempt.problem)
        projection.record_payment(attempt)
        # A shop's receiver of the status change may raise; it must not undo the payment.
        after_commit(projection.show_paid, attempt.order_id)


def _keep_ids(attempt: Any, session: Any) -> None:
    intent = session["payment_intent"]
    if intent is None or isinstance(intent, str):
        attempt.payment_intent_id = intent or ""
        return
    attempt.payment_intent_id = intent["id"]
    charge = intent["latest_charge"]
    attempt.charge_id = (charge if isinstance(charge, str) else charge and charge["id"]) or ""


def _report(attempt: Any, subscription: Any, problem: str) -> None:
    order = attempt.order
    logger.error("Payment %s of order %s: %s", attempt.session_id, order.number, problem)
    if subscription is not None:
        detail = {"order": order.number, "session": attempt.session_id}
        journal.record(subscription, journal.PAYMENT_REFUSED, detail=detail, reason=problem)
    notifications.tell_managers(
        f"attempt-{attempt.pk}",
        _("Payment of order %(number)s needs your attention") % {"number": order.number},
        f"{problem}\n{attempt.session_id}",
    )

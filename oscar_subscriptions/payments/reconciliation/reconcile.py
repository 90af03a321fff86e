"""Bring one attempt in line with what the provider knows: for webhook, browser and daily run.

The provider is asked with no lock held; then the answer is applied in one transaction, whose locks
are taken in this order: subscription, order, attempt, terms. Any number of processes may ask at
once: questions are numbered, and an answer to an older question than the last one applied is thrown
away. Reconciling again changes nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment
from oscar_subscriptions.fulfilment import paid_order
from oscar_subscriptions.payments.projections import oscar_payments
from oscar_subscriptions.payments.provider import key_alert
from oscar_subscriptions.payments.reconciliation import provider_state, settlement
from oscar_subscriptions.payments.reconciliation.provider_state import ProviderState
from oscar_subscriptions.payments.reversals import effects, second_payment
from oscar_subscriptions.transactions import (
    for_update,
    is_database_failure,
    locked,
    transactional,
)

if TYPE_CHECKING:
    from oscar_subscriptions.fulfilment.orders import PaidOrder
    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.protocols import Order

logger = logging.getLogger(__name__)

# An event that arrives while the provider is being asked makes us ask again, this many times at
# most; the next run does the rest.
ROUNDS = 3


def reconcile(attempt: Attempt) -> Attempt:
    """Ask the provider about ``attempt`` and act on the answer. Called outside any transaction.

    Args:
        attempt: left alone if it never reached the provider.

    Returns:
        The attempt, read again; another process may have changed it.

    Raises:
        client.ProviderUnavailableError: no answer; nothing changed.
    """
    rows = type(attempt).objects.select_related("order")
    rows.filter(pk=attempt.pk).mark_due()
    attempt = rows.get(pk=attempt.pk)
    # An earlier question, an event's for instance, has no answer yet.
    return answer(attempt, thorough=attempt.asked > attempt.answered + 1)


def answer(attempt: Attempt, *, thorough: bool) -> Attempt:
    """As :func:`reconcile`, for an attempt as it was read when the question was put.

    Args:
        attempt: ``asked`` is the number of the question, or a lower one.
        thorough: ask for refunds and disputes even if nothing mentions any.
    """
    if not attempt.provider_id:
        return attempt
    for _round in range(ROUNDS):
        asked_at = timezone.now()
        # Reversals are kept of payments that were settled.
        was_reversed = attempt.status != attempt.OPEN and attempt.reversals.exists()
        state = provider_state.fetch(attempt, thorough=thorough or was_reversed)
        attempt = _keep_money_first(attempt, state, asked_at)
        second_payment.refund_second_payment(attempt)
        if not attempt.is_due:
            break
        thorough = True
    return attempt


def _keep_money_first(seen: Attempt, state: ProviderState, asked_at: datetime) -> Attempt:
    """Apply ``state``; if the shop's own code raises, write at least what is known about money."""
    try:
        return _apply(seen, state, asked_at)
    except Exception as error:
        if is_database_failure(error):
            raise
        return _apply(seen, state, asked_at, failure=error)


@transactional
def _apply(
    seen: Attempt, state: ProviderState, asked_at: datetime, failure: Exception | None = None
) -> Attempt:
    """Write ``state``, unless the answer to a newer question was applied.

    Args:
        seen: the attempt as it was when the provider was asked; ``asked`` is the number of the
            question. The attempt stays due if an event has arrived since.
        failure: raised when all of this was tried before: write what is known about money, run
            nothing of the shop's, and alert its managers. The daily run does the rest.

    Returns:
        The attempt as it is now.
    """
    paid = paid_order.lock(seen.order)
    order: Order = locked(get_model("order", "Order"), seen.order_id)
    rows = type(seen).objects.filter(order=order).prefetch_related("reversals")
    attempts = list(for_update(rows.order_by("pk")))
    for one in attempts:
        one.order = order
    attempt = next(one for one in attempts if one.pk == seen.pk)
    if _is_older(seen, attempt):
        logger.info("An older answer about attempt %s is thrown away", attempt.pk)
        return attempt
    key_alert.key_accepted()
    before = effects.effect_on(attempts)
    attempt.answered, attempt.reconciled_at = seen.asked, asked_at
    result = settlement.judge(state.session_or_intent, attempt, asked_at)
    was_settled = attempt.status in attempt.SETTLED
    if not was_settled:
        settlement.settle(attempt, result, state.session_or_intent, attempts, paid)
    attempt.save()
    is_new = attempt.status == attempt.PAID and not was_settled
    if failure is not None:
        effects.keep_reversals(attempt, state.reversals)
        if is_new:
            _try_to_record(attempt, paid)
        _report_failure(paid, attempt, failure)
        return attempt
    if is_new:
        _record(attempt, paid)
    if attempt.status == attempt.PAID and effects.may_fulfil(attempts, attempt):
        _fulfil(paid, attempt)
    if attempt.status in attempt.SETTLED:
        effects.apply_reversals(attempts, attempt, state.reversals, before)
    if second_payment.is_to_be_refunded(attempt):
        attempt.asked += 1  # to see the refund
        attempt.save(update_fields=["asked"])
    return attempt


def _record(attempt: Attempt, paid: PaidOrder | None) -> None:
    oscar_payments.record_payment(attempt, None if paid is None else paid.lines)


def _try_to_record(attempt: Attempt, paid: PaidOrder | None) -> None:
    """Record the payment as Oscar shows it; if the shop's own models fail, the doctor can."""
    try:
        with transaction.atomic():
            _record(attempt, paid)
    except Exception:
        logger.exception("Payment %s not shown by Oscar", attempt.provider_id)


def _report_failure(paid: PaidOrder | None, attempt: Attempt, failure: Exception) -> None:
    if attempt.status == attempt.PAID and paid and not fulfilment.term_of(attempt.order):
        paid_order.give_up(paid, failure)
        return
    logger.error("Payment %s not applied", attempt.provider_id, exc_info=failure)
    alerts.raise_alert(
        alerts.NOT_APPLIED,
        f"{effects.alert_key(attempt)}-failed",
        order=attempt.order,
        subscription=None if paid is None else paid.subscription,
        reason=f"{type(failure).__name__}: {failure}"[:255],
        lasting=True,
    )


def _is_older(seen: Attempt, attempt: Attempt) -> bool:
    """Whether the answer to a newer question than that about ``seen`` was applied. Its answer was
    fetched after that question was put, and so tells everything that led to the older one."""
    return seen.asked <= attempt.answered


def _fulfil(paid: PaidOrder | None, attempt: Attempt) -> None:
    if paid is not None:
        paid_order.fulfil(paid)
        return
    attempt.problem = _("The order holds no plan.")
    attempt.save(update_fields=["problem"])
    settlement.report(alerts.PAYMENT_MISMATCH, attempt, None, [alerts.line("no-plan")])

"""Refunds that an operator orders.

The provider is asked first what is left of the payment. If that is not what the operator has seen,
nothing is refunded: a colleague was faster, or a first try whose answer was lost has succeeded.

The idempotency key is made of the payment, of what was left of it, and of how often it was reversed
before: a refund that failed leaves as much as there was. So two clicks, two operators and a retry
refund once, even at the same moment, and a second amount waits until the shop knows of the first.
"""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import TYPE_CHECKING

from oscar_subscriptions import gateway
from oscar_subscriptions.fulfilment import paid_order
from oscar_subscriptions.payments import overview
from oscar_subscriptions.payments.provider import client, money, refunds
from oscar_subscriptions.payments.reconciliation.provider_state import ReportedReversal
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from oscar_subscriptions.payments.reversals import effects, policy
from oscar_subscriptions.transactions import for_update

if TYPE_CHECKING:
    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.protocols import Order

logger = logging.getLogger(__name__)


def refundable(order: Order) -> list[gateway.Refundable]:
    """Return the settled attempts of ``order`` of which something is left to refund."""
    rows = order.subscription_attempts.prefetch_related("reversals").order_by("pk")
    return [
        gateway.Refundable(
            reference=str(attempt.reference),
            name=overview.name_of(attempt),
            received=money.major_units(attempt.received or 0, attempt.currency),
            left=money.major_units(overview.left(attempt), attempt.currency),
            currency=attempt.currency,
        )
        for attempt in rows
        if overview.left(attempt) > 0
    ]


def foresee(order: Order, reference: str, amount: Decimal) -> None:
    """Do to the term what a refund of ``amount`` would do. Needs an open transaction, which the
    caller rolls back."""
    paid_order.lock(order)
    rows = order.subscription_attempts.prefetch_related("reversals").order_by("pk")
    attempts: list[Attempt] = list(for_update(rows))
    attempt = next(one for one in attempts if str(one.reference) == reference)
    before = effects.effect_on(attempts)
    refund = ReportedReversal(
        provider_id=f"preview-{reference}",
        kind=policy.REFUND,
        status="succeeded",
        amount=money.minor_units(amount, attempt.currency),
        currency=attempt.currency,
        is_money_gone=True,
    )
    effects.apply_reversals(attempts, attempt, [refund], before)


def refund(order: Order, reference: str, amount: Decimal, left: Decimal) -> None:
    """Refund ``amount`` and act on it; see ``gateway.Gateway.refund``."""
    attempt: Attempt = reconcile(order.subscription_attempts.get(reference=reference))
    units = overview.left(attempt)
    if units != money.minor_units(left, attempt.currency):
        raise gateway.RefundOutdatedError
    key = f"refund-{reference}-{units}-{attempt.reversals.count()}"
    wanted = money.minor_units(amount, attempt.currency)
    try:
        refunds.refund_once(attempt.payment_intent_id, key, wanted)
    except client.RequestRefusedError as refusal:
        raise gateway.RefundRefusedError(str(refusal)) from refusal
    try:
        reconcile(attempt)
    except gateway.UnavailableError:  # refunded; the attempt stays due, and the next run sees it
        logger.exception("Refund of %s not seen yet", attempt.payment_intent_id)

"""Refunds that an operator orders.

The idempotency key is made of the payment, of what had been refunded of it as far as the shop
knows, and of the amount. So two clicks, two operators and a retry after a lost answer refund once;
and as soon as the shop knows of the refund, the same amount can be refunded once more.
"""

from __future__ import annotations

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


def refund(order: Order, reference: str, amount: Decimal) -> None:
    """Refund ``amount`` and act on it; see ``gateway.Gateway.refund``."""
    rows = order.subscription_attempts.prefetch_related("reversals")
    attempt: Attempt = rows.get(reference=reference)
    units = money.minor_units(amount, attempt.currency)
    key = f"refund-{reference}-{overview.refunded(attempt)}-{units}"
    try:
        refunds.refund(attempt.payment_intent_id, key, units)
    except client.RequestRefusedError as refusal:
        raise gateway.RefundRefusedError(str(refusal)) from refusal
    reconcile(attempt)

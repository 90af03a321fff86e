"""Show a payment where Oscar people look for it: sources, transactions, events.

Written for them, never read back: the truth about money is the provider's.
"""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

from oscar_subscriptions.payments.provider import money
from oscar_subscriptions.payments.reversals.policy import NO_REFUND, REFUND

SOURCE_TYPE = "Stripe Checkout"
PAID_EVENT = "Paid"


def record_payment(attempt: Any) -> None:
    """Write the money of ``attempt`` as Oscar's ``Source``, ``Transaction`` and ``PaymentEvent``.

    Called once, in the transaction that marks the attempt as paid.
    """
    order, reference = attempt.order, attempt.payment_intent_id or attempt.session_id
    amount = money.major_units(attempt.amount, attempt.currency)
    source = get_model("payment", "Source").objects.create(
        order=order, source_type=_source_type(), currency=attempt.currency, reference=reference
    )
    source.allocate(amount, reference=reference, status="paid")
    source.debit(amount, reference=reference, status="paid")
    event_type, _ = get_model("order", "PaymentEventType").objects.get_or_create(name=PAID_EVENT)
    event = get_model("order", "PaymentEvent").objects.create(
        order=order, amount=amount, reference=reference, event_type=event_type
    )
    for line in order.lines.all():
        get_model("order", "PaymentEventQuantity").objects.create(
            event=event, line=line, quantity=line.quantity
        )


def record_refunds(attempt: Any, reported: Iterable[Any]) -> None:
    """Show each refund as a ``Transaction``, and their sum on the ``Source``.

    Args:
        reported: ``answers.Reported`` refunds and disputes; disputes are left out.
    """
    refunds = [one for one in reported if one.kind == REFUND]
    sources = get_model("payment", "Source").objects.filter(
        order=attempt.order, reference=attempt.payment_intent_id
    )
    source = sources.order_by("pk").first()
    if not refunds or source is None:
        return
    for one in refunds:
        source.transactions.update_or_create(
            txn_type="Refund",
            reference=one.provider_id,
            defaults={
                "amount": money.major_units(one.amount, attempt.currency),
                "status": one.status,
            },
        )
    total = sum(one.amount for one in refunds if one.status not in NO_REFUND)
    source.amount_refunded = money.major_units(total, attempt.currency)
    source.save(update_fields=["amount_refunded"])


def _source_type() -> Any:
    """Return Oscar's type of our sources, made with the first payment.

    The name is not unique: of two first payments at once each may write a row, and
    ``get_or_create`` would find two, and fail, with every payment from then on.
    """
    types = get_model("payment", "SourceType").objects
    named = types.filter(name=SOURCE_TYPE).order_by("pk")
    if found := named.first():
        return found
    try:
        with transaction.atomic():
            return types.create(name=SOURCE_TYPE)
    except IntegrityError:  # its code is unique
        return named[0]

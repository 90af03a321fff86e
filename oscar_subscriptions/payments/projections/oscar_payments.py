"""Show a payment where Oscar shows payments: sources, transactions, events.

Written for people; this app never reads it back, but asks the provider.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

from oscar_subscriptions.payments.provider import money
from oscar_subscriptions.payments.reversals.policy import NO_REFUND, REFUND

if TYPE_CHECKING:
    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.payments.reconciliation.provider_state import ReportedReversal
    from oscar_subscriptions.protocols import OrderLine, Rows

SOURCE_TYPE = "Stripe Checkout"
PAID_EVENT = "Paid"


class Source(Protocol):
    """Oscar's ``Source``, as far as it is used; amounts in major units."""

    amount_refunded: Decimal
    transactions: Any

    def allocate(self, amount: Decimal, reference: str, status: str) -> None: ...
    def debit(self, amount: Decimal, reference: str, status: str) -> None: ...
    def save(self, *, update_fields: list[str]) -> None: ...


def record_payment(attempt: Attempt, lines: Iterable[OrderLine] | None = None) -> None:
    """Write the money of ``attempt`` as Oscar's ``Source``, ``Transaction`` and ``PaymentEvent``.

    Called once, in the transaction that marks the attempt as paid.

    Args:
        lines: those of its order, if they have been read.
    """
    assert transaction.get_connection().in_atomic_block
    order, reference = attempt.order, attempt.payment_intent_id or attempt.provider_id
    amount = money.major_units(attempt.amount, attempt.currency)
    # Written by ``allocate``.
    source: Source = get_model("payment", "Source")(
        order=order, source_type=_source_type(), currency=attempt.currency, reference=reference
    )
    source.allocate(amount, reference=reference, status="paid")
    source.debit(amount, reference=reference, status="paid")
    event_type, _ = _rows("order", "PaymentEventType").get_or_create(name=PAID_EVENT)
    event = _rows("order", "PaymentEvent").create(
        order=order, amount=amount, reference=reference, event_type=event_type
    )
    for line in order.lines.all() if lines is None else lines:
        _rows("order", "PaymentEventQuantity").create(
            event=event, line=line, quantity=line.quantity
        )


def record_refunds(attempt: Attempt, reported: Iterable[ReportedReversal]) -> None:
    """Show each refund as a ``Transaction``, and their sum on the ``Source``.

    Args:
        reported: refunds and disputes; disputes are left out.
    """
    refunds = [one for one in reported if one.kind == REFUND]
    sources = _rows("payment", "Source").filter(
        order=attempt.order, reference=attempt.payment_intent_id
    )
    source: Source | None = sources.order_by("pk").first()
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


def _source_type() -> object:
    """Return Oscar's type of our sources, created with the first payment.

    The name is not unique: two first payments at once may write two rows, and ``get_or_create``
    would then fail with every later payment.
    """
    types = _rows("payment", "SourceType")
    named = types.filter(name=SOURCE_TYPE).order_by("pk")
    if found := named.first():
        return found
    try:
        with transaction.atomic():
            return types.create(name=SOURCE_TYPE)
    except IntegrityError:  # its code is unique
        return named.first()


def _rows(app: str, model: str) -> Rows:
    rows: Rows = get_model(app, model).objects.all()
    return rows

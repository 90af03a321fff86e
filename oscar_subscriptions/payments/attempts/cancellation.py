"""Cancel an unpaid order, once the provider has confirmed that it can't be paid."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from django.db.models import F, Value
from django.db.models.functions import Greatest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.payments.attempts import off_session
from oscar_subscriptions.payments.projections import order_status
from oscar_subscriptions.payments.provider import sessions
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from oscar_subscriptions.transactions import after_commit, for_update, locked, transactional

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, OrderLine, Rows


class Discount(Protocol):
    """Oscar's ``OrderDiscount``: what an offer or voucher took off an order."""

    offer_id: int | None
    voucher_id: int | None
    amount: Decimal
    frequency: int | None


def cancel_order(order: Order) -> bool:
    """Close the open attempts of ``order``, and release its vouchers and stock.

    Called outside any transaction.

    Args:
        order: an order that is not paid, as far as the shop knows.

    Returns:
        Whether it is cancelled. Not if it has been paid meanwhile (it is fulfilled then), or if a
        slow payment is under way.

    Raises:
        client.ProviderUnavailableError: the provider could not be asked; nothing changed.
    """
    close_attempts(order)
    return _give_up(order)


def close_attempts(order: Order) -> bool:
    """Close the page or charge of ``order`` at the provider, if one is open.

    Called outside any transaction.

    Returns:
        Whether none is open now; one is while a slow payment is under way.

    Raises:
        client.ProviderUnavailableError: the provider could not be asked; nothing changed.
    """
    for attempt in order.subscription_attempts.open():
        if attempt.is_off_session:
            off_session.close_order(attempt)
        elif attempt.session_id:
            sessions.expire_session(attempt.session_id)
            reconcile(attempt)
    return not order.subscription_attempts.open().at_provider().exists()


def cancel_older_orders(order: Order) -> None:
    """Cancel the unpaid orders of the plan of ``order`` that its member placed before.

    Called outside any transaction. If the provider does not answer, the daily run cancels them;
    nobody is led to their payment meanwhile.
    """
    consent = order.subscription_consent
    older: Rows = get_model("order", "Order").objects.filter(
        user=order.user_id, subscription_consent__plan=consent.plan_id, pk__lt=order.pk
    )
    over = ("paid", "refused", "cancelled")
    begun = older.filter(subscription_attempts__status__in=("open", "expired"))
    for one in begun.exclude(subscription_attempts__status__in=over).distinct():
        cancel_order(one)


@transactional
def _give_up(order: Order) -> bool:
    fulfilment.lock_subscription(order.pk)
    locked(get_model("order", "Order"), order.pk)
    if fulfilment.term_of(order) is not None:
        return False
    attempts = list(for_update(order.subscription_attempts.order_by("pk")))
    if any(a.status in a.SETTLED or (a.status == a.OPEN and a.provider_id) for a in attempts):
        return False
    latest = attempts[-1] if attempts else None
    if latest is None or latest.status == latest.CANCELLED:
        return latest is not None
    latest.status, latest.is_followed_up = latest.CANCELLED, False
    latest.save(update_fields=["status", "is_followed_up"])
    _release_vouchers(order)
    _release_stock(order)
    after_commit(order_status.show_cancelled, order.pk)
    return True


def _release_vouchers(order: Order) -> None:
    """Undo what Oscar counted when the order was placed: uses, applications, discounts."""
    discount: Discount
    for discount in order.discounts.all():
        if discount.voucher_id:
            _count_back("voucher", "Voucher", discount.voucher_id, total_discount=discount.amount)
        _count_back(
            "offer",
            "ConditionalOffer",
            discount.offer_id,
            total_discount=discount.amount,
            num_applications=discount.frequency or 0,
            num_orders=1,
        )
    applications: Rows = get_model("voucher", "VoucherApplication").objects.filter(order=order)
    for application in applications:
        _count_back("voucher", "Voucher", application.voucher_id, num_orders=1)
    applications.delete()


def _count_back(app: str, model: str, pk: int | None, **amounts: int | Decimal) -> None:
    rows: Rows = get_model(app, model).objects.filter(pk=pk)
    # Never below zero: staff may have reset the counters.
    rows.update(**{name: Greatest(F(name) - amount, Value(0)) for name, amount in amounts.items()})


def _release_stock(order: Order) -> None:
    line: OrderLine
    for line in order.lines.select_related("product", "stockrecord"):
        if line.stockrecord and line.product and line.product.get_product_class().track_stock:
            line.stockrecord.cancel_allocation(line.num_allocated or 0)

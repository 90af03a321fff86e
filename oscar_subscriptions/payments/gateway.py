"""Stripe Checkout as the gateway of plan orders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse

from oscar_subscriptions import gateway
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments import overview
from oscar_subscriptions.payments.attempts import hosted, off_session, payable
from oscar_subscriptions.payments.attempts.cancellation import cancel_older_orders, cancel_order
from oscar_subscriptions.payments.payment_methods import forgetting, stored
from oscar_subscriptions.payments.projections import order_status
from oscar_subscriptions.payments.provider import money
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from oscar_subscriptions.payments.reversals import refunding
from oscar_subscriptions.transactions import after_commit

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, Plan, User


class StripeCheckoutGateway(gateway.Gateway):
    """Collects the money of an order on Stripe's hosted page."""

    def begin(self, order: Order) -> None:
        """Write the attempt; the session is created when the member leaves for the page.

        Older orders of the same plan give way: they are cancelled after commit.
        """
        hosted.begin(order)
        after_commit(cancel_older_orders, order)

    def pay_url(self, order: Order) -> str:
        """Return the address of the pay view; the order history links there as well."""
        return reverse("subscriptions-payments:pay", kwargs={"order_number": order.number})

    def can_collect(self, amount: Decimal, currency: str) -> bool:
        """Return whether Stripe can charge exactly ``amount``."""
        try:
            money.minor_units(amount, currency)
        except ValueError:
            return False
        return True

    def waiting_order(self, user: User, plan: Plan) -> Order | None:
        """Return the member's newest order of ``plan`` with an open attempt, if any."""
        opened = registered_payments.Attempt.objects.open()
        attempt = (
            opened.filter(order__user=user, order__subscription_consent__plan=plan)
            .select_related("order")
            .order_by("-pk")
            .first()
        )
        return attempt.order if attempt and payable.may_be_paid(attempt.order).now else None

    def may_be_paid(self, order: Order) -> gateway.Payability:
        """Return whether ``order`` may be paid."""
        return payable.may_be_paid(order)

    def payments_of(self, orders: Iterable[Order]) -> dict[int, list[gateway.Payment]]:
        """Return the attempts of each order with their refunds and disputes."""
        return overview.payments_of(orders)

    def orders_of(self, provider_id: str) -> list[int]:
        """Return the orders of Stripe's ids: ``cs_``, ``pi_``, ``ch_``, ``re_``, ``du_``."""
        return overview.orders_of(provider_id)

    def refundable(self, order: Order) -> list[gateway.Refundable]:
        """Return the settled attempts of which something is left."""
        return refunding.refundable(order)

    def foresee_refund(self, order: Order, reference: str, amount: Decimal) -> None:
        """Apply the refund as if Stripe had reported it."""
        refunding.foresee(order, reference, amount)

    def refund(self, order: Order, reference: str, amount: Decimal, left: Decimal) -> None:
        """Refund at Stripe, and reconcile the attempt before and after."""
        refunding.refund(order, reference, amount, left)

    def can_renew(self) -> bool:
        """Return ``True``: Stripe stores payment methods and charges them later."""
        return True

    def has_payment_method(self, user: User) -> bool:
        """Return whether Stripe stores a payment method of ``user`` for this shop."""
        return stored.chargeable(user) is not None

    def forget_payment_method(self, user: User) -> bool:
        """Have Stripe delete the customer, unless something needs the payment method."""
        return forgetting.forget_unneeded(user)

    def begin_charge(self, order: Order) -> bool:
        """Write an off-session attempt, unless the order has an open attempt, or is settled."""
        return hosted.begin_off_session(order)

    def look_again(self, order: Order) -> None:
        """Reconcile the paid attempts of ``order``, which applies refunds and disputes."""
        for attempt in order.subscription_attempts.at_provider().filter(status="paid"):
            reconcile(attempt)

    def ask(self, order: Order) -> None:
        """Reconcile every attempt of ``order`` that has reached Stripe."""
        for attempt in order.subscription_attempts.at_provider().order_by("pk"):
            reconcile(attempt)

    def show_paid_again(self, order: Order) -> None:
        """Set the status back; the alert about it is settled."""
        order_status.show_paid_again(order.pk)

    def charge(self, order: Order, is_wanted: Callable[[], bool]) -> gateway.Charge:
        """Charge the payment method that Stripe stores."""
        return off_session.charge_order(order, is_wanted)

    def give_up(self, order: Order) -> bool:
        """Cancel ``order``, at Stripe first."""
        return cancel_order(order)

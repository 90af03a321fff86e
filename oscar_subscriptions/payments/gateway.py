"""Stripe Checkout as the gateway of plan orders."""

from typing import Any

from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import gateway
from oscar_subscriptions.payments import attempts, waiting


class StripeCheckoutGateway(gateway.Gateway):
    """Collects the money of an order on Stripe's hosted page."""

    def begin(self, order: Any) -> None:
        """Write the attempt; the session is made when the member leaves for the page."""
        attempts.begin(order)

    def pay_url(self, order: Any) -> str:
        """Return the address of the pay view; the order history leads there as well."""
        return reverse("subscriptions-payments:pay", kwargs={"order_number": order.number})

    def waiting_order(self, user: Any, plan: Any) -> Any | None:
        """Return the member's newest order of ``plan`` with an open attempt, if any."""
        opened = get_model("oscar_subscriptions_payments", "Attempt").objects.open()
        attempt = (
            opened.filter(order__user=user, order__subscription_consent__plan=plan)
            .select_related("order")
            .order_by("-pk")
            .first()
        )
        return attempt.order if attempt and waiting.is_waiting(attempt.order) else None

    def is_waiting(self, order: Any) -> bool:
        """Tell whether ``order`` can be paid now."""
        return waiting.is_waiting(order)

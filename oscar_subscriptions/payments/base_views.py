"""What the views of a payment share: whose order it is, and what may be said of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments.attempts import payable
from oscar_subscriptions.payments.reversals import effects

if TYPE_CHECKING:
    import uuid

    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.protocols import Order

logger = logging.getLogger(__name__)


@method_decorator([transaction.non_atomic_requests, never_cache], name="dispatch")
class PaymentView(LoginRequiredMixin, View):
    """Base of the views: finds the member's own order or attempt, and nothing else."""

    def get_order(self, request: HttpRequest, number: str) -> Order:
        """Return the member's plan order ``number``.

        Raises:
            Http404: it is another member's, or holds no plan.
        """
        orders = get_model("order", "Order").objects.filter(
            user=request.user, subscription_attempts__isnull=False
        )
        order: Order = get_object_or_404(orders.distinct(), number=number)
        assert request.user.is_authenticated  # see LoginRequiredMixin
        order.user = request.user
        return order

    def get_attempt(self, request: HttpRequest, reference: uuid.UUID) -> Attempt:
        """Return the member's attempt; see :meth:`get_order`."""
        attempts = registered_payments.Attempt.objects.select_related("order")
        return get_object_or_404(attempts, reference=reference, order__user=request.user)

    def confirm(self, request: HttpRequest, order: Order) -> HttpResponse:
        """Redirect to Oscar's confirmation page of a paid order."""
        if request.session.get("checkout_order_id") != order.pk:
            request.session["checkout_order_id"] = order.pk
        return redirect("checkout:thank-you")

    def show(
        self,
        request: HttpRequest,
        order: Order,
        state: str,
        *,
        status: int = 200,
        reason: str = "",
        is_certain: bool = False,
    ) -> HttpResponse:
        """Render the state of the payment, why it is so, and what the member can do.

        Args:
            is_certain: whether the provider has said so now, or can't have been paid.
        """
        context = {"order": order, "state": state, "reason": reason, "is_certain": is_certain}
        return render(request, "oscar/subscriptions/payment.html", context, status=status)

    def settled(
        self, request: HttpRequest, order: Order, asked: Attempt | None = None
    ) -> HttpResponse:
        """Respond by what is known of ``order``: paid, without a term, cancelled, or not paid.

        Args:
            asked: the attempt about which the provider has just been asked, if any.
        """
        if fulfilment.term_of(order) is not None:
            return self.confirm(request, order)
        attempts: list[Attempt] = list(order.subscription_attempts.order_by("pk"))
        received = [one for one in attempts if one.received]
        latest = attempts[-1]
        is_certain = payable.is_heard(attempts, asked)
        if received and all(map(effects.has_gone_back, received)):
            state = "returned"
        elif any(one.status in one.SETTLED for one in attempts):
            state, is_certain = "problem", bool(received)
        elif latest.status == latest.CANCELLED:
            state = "cancelled"
        elif latest.status == latest.OPEN and latest.provider_id and not latest.url:
            state = "pending"
        else:
            state = "waiting"
        return self.show(request, order, state, is_certain=is_certain)

    def unavailable(self, request: HttpRequest, order: Order) -> HttpResponse:
        """Respond that the provider does not answer: whether the order is paid is not known."""
        logger.warning("Provider unavailable for order %s", order.number, exc_info=True)
        return self.show(request, order, "unavailable", status=503)

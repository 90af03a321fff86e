"""The member's way to the provider's page and back.

None of these views runs in a transaction of its own (``ATOMIC_REQUESTS``): no database lock may
be held while the provider is asked, and what it answered must not be rolled back.
"""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments.attempts import hosted, payable
from oscar_subscriptions.payments.attempts.cancellation import cancel_order
from oscar_subscriptions.payments.provider import client
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile

logger = logging.getLogger(__name__)

SESSION_PLACEHOLDER = "{CHECKOUT_SESSION_ID}"


@method_decorator([transaction.non_atomic_requests, never_cache], name="dispatch")
class PaymentView(LoginRequiredMixin, View):
    """Finds the member's own order or attempt; anything else does not exist for him."""

    def get_order(self, request: HttpRequest, number: str) -> Any:
        """Return the member's plan order ``number``.

        Raises:
            Http404: it is somebody else's, or none of ours.
        """
        orders = get_model("order", "Order").objects.filter(
            user=request.user, subscription_attempts__isnull=False
        )
        return get_object_or_404(orders.distinct(), number=number)

    def get_attempt(self, request: HttpRequest, reference: Any) -> Any:
        """Return the member's attempt; see :meth:`get_order`."""
        Attempt = registered_payments.Attempt
        return get_object_or_404(
            Attempt.objects.select_related("order"), reference=reference, order__user=request.user
        )

    def confirm(self, request: HttpRequest, order: Any) -> HttpResponse:
        """Lead on to Oscar's confirmation page of a paid order."""
        request.session["checkout_order_id"] = order.pk
        return redirect("checkout:thank-you")

    def show(self, request: HttpRequest, order: Any, state: str, status: int = 200) -> HttpResponse:
        """Say where the payment stands, and what the member can do."""
        context = {"order": order, "state": state}
        return render(request, "oscar/subscriptions/payment.html", context, status=status)

    def settled(self, request: HttpRequest, order: Any) -> HttpResponse:
        """Answer for an order that is paid, cancelled, or paid and refused."""
        if fulfilment.term_of(order) is not None:
            return self.confirm(request, order)
        statuses = set(order.subscription_attempts.values_list("status", flat=True))
        return self.show(
            request, order, "problem" if statuses & {"paid", "refused"} else "cancelled"
        )

    def unavailable(self, request: HttpRequest, order: Any) -> HttpResponse:
        """Say that the provider does not answer; nothing was charged by this request."""
        logger.warning("Provider unavailable for order %s", order.number, exc_info=True)
        return self.show(request, order, "unavailable", status=503)


class PayView(PaymentView):
    """Leads to the provider's page; the order history comes here as well."""

    def get(self, request: HttpRequest, order_number: str) -> HttpResponse:
        """Make the page, once, and go there; or say why there is nothing to pay."""
        order = self.get_order(request, order_number)
        if fulfilment.term_of(order) is not None:
            return self.confirm(request, order)
        try:
            if payable.why_not_payable(order):
                cancel_order(order)
            attempt = hosted.open_attempt(order)
            if attempt is None:
                return self.settled(request, order)
            if attempt.is_off_session or (attempt.session_id and not attempt.url):
                return self.show(request, order, "pending")
            if hosted.is_outdated(attempt):
                attempt = hosted.renew(attempt)
            try:
                page = self.hosted_page(request, attempt)
            except client.CustomerUnknownError:
                # Deleted by hand at the provider: the member is not to be locked out by that.
                page = self.hosted_page(request, hosted.renew(attempt))
            return redirect(page)
        except hosted.AttemptClosedError:
            return self.settled(request, order)
        except client.RequestRefusedError as refusal:
            return self.refused(request, order, refusal)
        except client.ProviderUnavailableError:
            return self.unavailable(request, order)

    def refused(self, request: HttpRequest, order: Any, refusal: Exception) -> HttpResponse:
        """Say that this order can't be paid, and tell the shop, since trying again won't help."""
        logger.error("The provider refuses order %s: %s", order.number, refusal)
        alerts.raise_alert(
            alerts.NOT_PAYABLE,
            f"order-{order.pk}-not-payable",
            order=order,
            reason=str(refusal),
        )
        return self.show(request, order, "refused", status=502)

    def hosted_page(self, request: HttpRequest, attempt: Any) -> str:
        """Return the address of the provider's page for ``attempt``."""
        kwargs = {"reference": attempt.reference}
        success = reverse("subscriptions-payments:return", kwargs=kwargs)
        cancel = reverse("subscriptions-payments:cancel-return", kwargs=kwargs)
        return hosted.hosted_page(
            attempt,
            success_url=f"{request.build_absolute_uri(success)}?session_id={SESSION_PLACEHOLDER}",
            cancel_url=request.build_absolute_uri(cancel),
        )


class ReturnView(PaymentView):
    """The browser comes back. It proves nothing; the provider is asked."""

    def get(self, request: HttpRequest, reference: Any) -> HttpResponse:
        """Confirm a paid order, or say that the bank has not answered yet."""
        attempt = self.get_attempt(request, reference)
        session_id = request.GET.get("session_id")
        if session_id is not None and session_id != attempt.session_id:
            raise Http404
        before = attempt.reconciled_at
        try:
            attempt = reconcile(attempt)
        except client.ProviderUnavailableError:
            # Paid or not, the webhook or the daily run will tell us.
            return self.show(request, attempt.order, "pending")
        if attempt.status == attempt.OPEN:
            # With a page that can still be paid, the member came back without having paid; unless
            # somebody else is asking the provider right now, and nothing is known yet.
            is_known = attempt.reconciled_at != before
            state = "waiting" if attempt.url and is_known else "pending"
            return self.show(request, attempt.order, state)
        return self.settled(request, attempt.order)


class CancelReturnView(PaymentView):
    """The member gave up on the provider's page: the order can be paid again or cancelled."""

    def get(self, request: HttpRequest, reference: Any) -> HttpResponse:
        """Offer both, unless the order is paid by now."""
        attempt = self.get_attempt(request, reference)
        try:
            attempt = reconcile(attempt)
        except client.ProviderUnavailableError:
            logger.warning("Provider unavailable on return", exc_info=True)
        if attempt.status in attempt.SETTLED:
            return self.settled(request, attempt.order)
        state = "cancelled" if attempt.status == attempt.CANCELLED else "waiting"
        return self.show(request, attempt.order, state)


class OrderCancelView(PaymentView):
    """The member cancels an order that is not paid."""

    def post(self, request: HttpRequest, order_number: str) -> HttpResponse:
        """Cancel it, once the provider has closed its page."""
        order = self.get_order(request, order_number)
        try:
            cancelled = cancel_order(order)
        except client.ProviderUnavailableError:
            return self.unavailable(request, order)
        if not cancelled:
            return redirect("subscriptions-payments:pay", order_number=order.number)
        messages.success(request, _("Order %(number)s is cancelled.") % {"number": order.number})
        return redirect("customer:order", order_number=order.number)

"""The member's way to the provider's page and back.

None of these views runs in a transaction of its own (``ATOMIC_REQUESTS``): no database lock may be
held during a request to the provider, and its answer must not be rolled back.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from oscar_subscriptions import alerts, conf, fulfilment
from oscar_subscriptions.payments.attempts import hosted, payable
from oscar_subscriptions.payments.attempts.cancellation import cancel_order
from oscar_subscriptions.payments.base_views import PaymentView
from oscar_subscriptions.payments.provider import client
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile

if TYPE_CHECKING:
    import uuid

    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.protocols import Order

logger = logging.getLogger(__name__)

SESSION_PLACEHOLDER = "{CHECKOUT_SESSION_ID}"


class PayView(PaymentView):
    """Leads to the provider's page; the order history links here as well."""

    def get(self, request: HttpRequest, order_number: str) -> HttpResponse:
        """Create the page, once, and redirect to it; or show why there is nothing to pay."""
        order = self.get_order(request, order_number)
        try:
            may = payable.may_be_paid(order)
            if may.is_over:
                if fulfilment.term_of(order) is not None:
                    return self.confirm(request, order)
                cancel_order(order)
                return self.settled(request, order)
            if not may.now:
                return self.not_now(request, order, may.reason)
            try:
                return self.lead_to_page(request, order)
            except hosted.AttemptClosedError:
                # In another tab it was closed, or has just got its page: look again.
                return self.lead_to_page(request, order)
        except hosted.AttemptClosedError:
            return self.settled(request, order)
        except client.RequestRefusedError as refusal:
            return self.refused(request, order, refusal)
        except client.ProviderUnavailableError:
            return self.unavailable(request, order)

    def not_now(self, request: HttpRequest, order: Order, reason: str) -> HttpResponse:
        """Respond that ``order`` can't be paid at the moment, unless it is paid already."""
        for attempt in order.subscription_attempts.open():
            attempt = reconcile(attempt)
            is_pending = attempt.status == attempt.OPEN and attempt.session_id and not attempt.url
            if is_pending or attempt.status in attempt.SETTLED:
                return self.settled(request, order, asked=attempt)
        return self.show(request, order, "not-now", reason=reason)

    def lead_to_page(self, request: HttpRequest, order: Order) -> HttpResponse:
        """Redirect to the page of the open attempt of ``order``, or begin one.

        Raises:
            hosted.AttemptClosedError: another request has closed the attempt meanwhile.
        """
        attempt = hosted.open_attempt(order)
        if attempt is None:
            return self.settled(request, order)
        if attempt.is_off_session or (attempt.session_id and not attempt.url):
            return self.show(request, order, "pending", is_certain=True)
        if hosted.is_outdated(attempt):
            attempt = hosted.renew(attempt)
        try:
            page = self.hosted_page(request, attempt)
        except client.CustomerUnknownError:
            # Deleted by hand at the provider: the member must still be able to pay.
            page = self.hosted_page(request, hosted.renew(attempt))
        return redirect(page)

    def refused(self, request: HttpRequest, order: Order, refusal: Exception) -> HttpResponse:
        """Respond that this order can't be paid, and raise an alert: trying again won't help."""
        logger.error("The provider refuses order %s: %s", order.number, refusal)
        alerts.raise_alert(
            alerts.NOT_PAYABLE,
            f"order-{order.pk}-not-payable",
            order=order,
            reason=str(refusal),
        )
        is_certain = payable.may_be_paid(order).nothing_charged
        return self.show(request, order, "refused", status=502, is_certain=is_certain)

    def hosted_page(self, request: HttpRequest, attempt: Attempt) -> str:
        """Return the address of the provider's page for ``attempt``.

        The member is sent back to ``BASE_URL``, as by e-mails: behind a proxy, host and scheme of
        the request may be internal ones.
        """
        kwargs = {"reference": attempt.reference}
        success = reverse("subscriptions-payments:return", kwargs=kwargs)
        cancel = reverse("subscriptions-payments:cancel-return", kwargs=kwargs)
        base_url = (conf.settings.BASE_URL or request.build_absolute_uri("/")).rstrip("/")
        return hosted.hosted_page(
            attempt,
            success_url=f"{base_url}{success}?session_id={SESSION_PLACEHOLDER}",
            cancel_url=f"{base_url}{cancel}",
        )


class ReturnView(PaymentView):
    """The browser returns, which proves nothing: ask the provider."""

    def get(self, request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
        """Confirm a paid order, or show that the bank has not answered yet."""
        attempt = self.get_attempt(request, reference)
        session_id = request.GET.get("session_id")
        if session_id is not None and session_id != attempt.session_id:
            raise Http404
        try:
            attempt = reconcile(attempt)
        except client.ProviderUnavailableError:
            if attempt.status != attempt.OPEN:
                return self.settled(request, attempt.order)
            # The webhook or the daily run will tell whether it is paid.
            return self.show(request, attempt.order, "pending")
        return self.settled(request, attempt.order, asked=attempt)


class CancelReturnView(PaymentView):
    """The member left the provider's page without paying."""

    def get(self, request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
        """Offer to pay again or to cancel, unless the order is settled."""
        attempt = self.get_attempt(request, reference)
        try:
            attempt = reconcile(attempt)
        except client.ProviderUnavailableError:
            if attempt.status != attempt.OPEN:
                return self.settled(request, attempt.order)
            return self.unavailable(request, attempt.order)
        return self.settled(request, attempt.order, asked=attempt)


class OrderCancelView(PaymentView):
    """The member cancels an unpaid order."""

    def post(self, request: HttpRequest, order_number: str) -> HttpResponse:
        """Cancel the order, once the provider has closed its page."""
        order = self.get_order(request, order_number)
        try:
            cancelled = cancel_order(order)
        except client.ProviderUnavailableError:
            return self.unavailable(request, order)
        if not cancelled:
            return redirect("subscriptions-payments:pay", order_number=order.number)
        messages.success(request, _("Order %(number)s is cancelled.") % {"number": order.number})
        return redirect("customer:order", order_number=order.number)

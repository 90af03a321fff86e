"""The receipt of a paid order, as PDF: for its member, and for staff."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views import generic
from django.views.decorators.cache import never_cache
from oscar.core.loading import get_model

from oscar_subscriptions import receipts
from oscar_subscriptions.loading import get_class


# Not in a transaction of its own (``ATOMIC_REQUESTS``): should the receipt be issued only now, then
# nobody else waits for the next number while this one is being printed.
@method_decorator([transaction.non_atomic_requests, never_cache], name="dispatch")
class ReceiptView(LoginRequiredMixin, generic.View):
    """Shows one receipt. Somebody else's order, or one that gave no term, does not exist here."""

    login_url = reverse_lazy("customer:login")
    not_printable_template_name = "oscar/subscriptions/receipt_not_printable.html"

    def get(self, request: HttpRequest, order_number: str) -> HttpResponse:
        order = self.get_order(request, order_number)
        receipt = receipts.issue(order)
        if receipt is None:
            raise Http404
        if not receipts.is_printable():
            context = {"order": order, "receipt": receipt}
            return render(request, self.not_printable_template_name, context, status=501)
        return self.show(receipt)

    def get_order(self, request: HttpRequest, number: str) -> Any:
        """Return the order, if it is the member's own or a member of staff asks.

        Raises:
            Http404: it is not.
        """
        orders = get_model("order", "Order").objects.all()
        if not request.user.is_staff:
            orders = orders.filter(user=request.user)
        return get_object_or_404(orders, number=number)

    def show(self, receipt: Any) -> HttpResponse:
        """Return the PDF, to be looked at in the browser and saved under a telling name."""
        # Not before it is needed: it imports what the extra [receipts] installs.
        write = get_class("receipts.printing", "write")
        response = HttpResponse(write(receipt), content_type="application/pdf")
        name = _("receipt-%(number)s.pdf") % {"number": receipt.number}
        response.headers["Content-Disposition"] = str(content_disposition_header(False, name))
        return response

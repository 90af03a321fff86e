"""The receipt of a paid order, as PDF: for its member, and for staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views import generic
from oscar.core.loading import get_model

from oscar_subscriptions import receipts
from oscar_subscriptions.loading import get_class
from oscar_subscriptions.members.views.mixins import MemberRequiredMixin

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, Receipt


# Not in a transaction of its own (``ATOMIC_REQUESTS``): a receipt may be issued here, and its
# number's lock must not be held while the PDF is written.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class ReceiptView(MemberRequiredMixin, generic.View):
    """Shows one receipt; 404 for somebody else's order, or an order that gave no term."""

    not_printable_template_name = "oscar/subscriptions/receipt_not_printable.html"

    def get(self, request: HttpRequest, order_number: str) -> HttpResponse:
        order = self.get_order(request, order_number)
        receipt: Receipt | None = receipts.issue(order)
        if receipt is None:
            raise Http404
        if not receipts.is_printable():
            context = {"order": order, "receipt": receipt}
            return render(request, self.not_printable_template_name, context, status=501)
        return self.show(receipt)

    def get_order(self, request: HttpRequest, number: str) -> Order:
        """Return the order ``number``; any order for who may see orders in Oscar's dashboard, and
        otherwise the member's own.

        Raises:
            Http404: there is no such order.
        """
        orders = get_model("order", "Order").objects.all()
        if not self.member.has_perm("order.view_order"):
            orders = orders.filter(user=self.member)
        return get_object_or_404(orders, number=number)

    def show(self, receipt: Receipt) -> HttpResponse:
        """Return the PDF to be shown in the browser, named after the receipt's number."""
        # Imported here, because it imports what the extra [receipts] installs.
        write = get_class("receipts.printing", "write")
        response = HttpResponse(write(receipt), content_type="application/pdf")
        name = _("receipt-%(number)s.pdf") % {"number": receipt.number}
        response.headers["Content-Disposition"] = str(content_disposition_header(False, name))
        return response

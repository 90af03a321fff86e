"""The orders of a seller's services: whoever has sold serves what was ordered, seller or not."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import generic
from oscar.core.loading import get_model

from oscar_subscriptions import conf, sellers
from oscar_subscriptions.transactions import for_update


class OwnOrdersMixin(LoginRequiredMixin):
    """For whoever is or was a seller; for everybody else there is nothing here."""

    login_url = reverse_lazy("customer:login")

    @cached_property
    def seller(self) -> Any:
        """The ``Seller`` of the member.

        Raises:
            Http404: there never was one.
        """
        seller = sellers.get_seller(self.request.user)  # type: ignore[attr-defined]
        if seller is None:
            raise Http404
        return seller

    def own_lines(self) -> Any:
        """Return the order lines of the seller's services, as a queryset; never those of others in
        the same order."""
        lines = get_model("order", "Line").objects
        return lines.filter(partner=self.seller.partner).order_by("pk")

    def handle_no_permission(self) -> Any:
        """Lead to sign in and back; never back to an address that only takes forms."""
        return redirect_to_login(reverse("subscriptions:seller-orders"), str(self.login_url))


class SellerOrdersView(OwnOrdersMixin, generic.ListView):
    """Who ordered what, the newest first. Of an order's other lines nothing is shown."""

    template_name = "oscar/subscriptions/seller_orders.html"
    context_object_name = "orders"
    paginate_by = 20

    def get_queryset(self) -> Any:
        orders = get_model("order", "Order").objects.filter(
            pk__in=self.own_lines().order_by().values("order")
        )
        own = Prefetch("lines", self.own_lines().select_related("product"), to_attr="own_lines")
        orders = orders.select_related("user", "billing_address", "shipping_address__country")
        return orders.prefetch_related(own).order_by("-date_placed", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for order in context["orders"]:
            order.is_cancelled = is_cancelled(order)
            for line in order.own_lines:
                line.can_be_served = not order.is_cancelled and can_be_served(line)
        return context | {
            "is_seller": sellers.is_seller(self.request.user),
            "served_status": conf.settings.SERVED_STATUS,
        }


class LineServedView(OwnOrdersMixin, generic.View):
    """Says that a service was given: the line moves on in the shop's own pipeline."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark the line as served, once; the order keeps a note of who did it."""
        with transaction.atomic():
            line = get_object_or_404(for_update(self.own_lines()), pk=pk)
            title = {"service": line.title}
            if is_cancelled(line.order) or not can_be_served(line):
                messages.info(request, _("“%(service)s” can't be marked as served.") % title)
                return redirect("subscriptions:seller-orders")
            line.set_status(conf.settings.SERVED_STATUS)
            line.order.notes.create(
                user=request.user,
                note_type=get_model("order", "OrderNote").SYSTEM,
                message=_("“%(service)s” was marked as served by its seller.") % title,
            )
        messages.success(request, _("“%(service)s” is marked as served.") % title)
        return redirect("subscriptions:seller-orders")


def is_cancelled(order: Any) -> bool:
    """Tell whether nothing is to be done for ``order`` any more."""
    return order.status == conf.settings.CANCELLED_STATUS


def can_be_served(line: Any) -> bool:
    """Tell whether the shop's pipeline of line statuses lets ``line`` become served now."""
    return conf.settings.SERVED_STATUS in line.available_statuses()

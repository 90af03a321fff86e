"""The orders of a member's services: a member whose term is over still serves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import generic
from oscar.core.loading import get_model

from oscar_subscriptions import conf, sellers
from oscar_subscriptions.members.views.mixins import MemberRequiredMixin
from oscar_subscriptions.transactions import for_update

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oscar_subscriptions.protocols import Order, OrderLine, Rows, Seller

    class OwnLine(OrderLine, Protocol):
        can_be_served: bool

    class OwnOrder(Order, Protocol):
        own_lines: list[OwnLine]
        is_cancelled: bool


class OwnOrdersMixin(MemberRequiredMixin):
    """For members who are or were sellers; 404 for everybody else."""

    @cached_property
    def seller(self) -> Seller:
        """The ``Seller`` of the member.

        Raises:
            Http404: the member never was a seller.
        """
        seller: Seller | None = sellers.get_seller(self.member)
        if seller is None:
            raise Http404
        return seller

    def own_lines(self) -> QuerySet[Any]:
        """Return the order lines of the seller's services, and no others of the same orders."""
        lines = get_model("order", "Line").objects
        return lines.filter(partner=self.seller.partner).order_by("pk")

    def handle_no_permission(self) -> HttpResponseRedirect:
        """Redirect to sign in, and from there to the list of orders."""
        return redirect_to_login(reverse("subscriptions:seller-orders"), str(self.login_url))


class SellerOrdersView(OwnOrdersMixin, generic.ListView):
    """The orders of the seller's services, the newest first, without their other lines."""

    template_name = "oscar/subscriptions/seller_orders.html"
    context_object_name = "orders"
    paginate_by = 20

    def get_queryset(self) -> QuerySet[Any]:
        """Return the orders, each with the list ``own_lines``."""
        orders: QuerySet[Any] = get_model("order", "Order").objects.filter(
            pk__in=self.own_lines().order_by().values("order")
        )
        own = Prefetch("lines", self.own_lines().select_related("product"), to_attr="own_lines")
        orders = orders.select_related("user", "billing_address", "shipping_address__country")
        return orders.prefetch_related(own).order_by("-date_placed", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, object]:
        """Say of each order whether it is cancelled, and of each own line whether it can be served.

        Adds ``is_seller`` and ``served_status``, a line status.
        """
        context = super().get_context_data(**kwargs)
        orders: Iterable[OwnOrder] = context["orders"]
        for order in orders:
            order.is_cancelled = is_cancelled(order)
            for line in order.own_lines:
                line.can_be_served = not order.is_cancelled and can_be_served(line)
        return context | {
            "is_seller": sellers.is_seller(self.member),
            "served_status": conf.settings.SERVED_STATUS,
        }


class LineServedView(OwnOrdersMixin, generic.View):
    """Marks a service as served: its line moves on in the shop's own pipeline."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark the line as served, once; the order keeps a note with the seller's account."""
        with transaction.atomic():
            line: OrderLine = get_object_or_404(for_update(self.own_lines()), pk=pk)
            title = {"service": line.title}
            if is_cancelled(line.order) or not can_be_served(line):
                messages.info(request, _("“%(service)s” can't be marked as served.") % title)
                return redirect("subscriptions:seller-orders")
            line.set_status(conf.settings.SERVED_STATUS)
            notes: Rows = line.order.notes
            notes.create(
                user=self.member,
                note_type=get_model("order", "OrderNote").SYSTEM,
                message=_("“%(service)s” was marked as served by its seller.") % title,
            )
        messages.success(request, _("“%(service)s” is marked as served.") % title)
        return redirect("subscriptions:seller-orders")


def is_cancelled(order: Order) -> bool:
    """Return whether ``order`` was cancelled, so that its lines are not to be served."""
    return order.status == conf.settings.CANCELLED_STATUS


def can_be_served(line: OrderLine) -> bool:
    """Return whether the shop's pipeline of line statuses lets ``line`` become served now."""
    return conf.settings.SERVED_STATUS in line.available_statuses()

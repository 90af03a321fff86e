"""Access to the member space, and the page of a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.views import generic
from oscar.core.loading import get_class

from oscar_subscriptions import sellers
from oscar_subscriptions.members import refusals
from oscar_subscriptions.plans import eligibility
from oscar_subscriptions.sellers import listings, parking

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Plan, Product, Request, Seller, User


class MemberRequiredMixin(LoginRequiredMixin, generic.View):
    """Asks visitors to sign in."""

    login_url = reverse_lazy("customer:login")

    @property
    def member(self) -> User:
        """The signed-in user; ``dispatch`` redirects visitors."""
        assert self.request.user.is_authenticated
        return self.request.user


class PlanIntoBasketMixin(MemberRequiredMixin, generic.TemplateView):
    """Asks, and then puts a plan into the basket; nothing is ordered or paid.

    A link in a mail asks, because scanners and prefetching browsers open every link. The button of
    the page posts, as do those of the member's own pages.
    """

    request: Request

    http_method_names = ["get", "head", "post", "options"]

    def replaced_by(self, plan: Plan) -> list[Plan]:
        """Return the plans in the basket that would make room for ``plan``."""
        basket = self.request.basket
        plans = eligibility.plans_among(basket.all_lines() if basket.id else [])
        return [one for one in plans.values() if one.pk != plan.pk]

    def put_into_basket(self, plan: Plan) -> HttpResponseBase:
        """Let the shop's own view add ``plan``, with its rules and messages."""
        self.request.POST = QueryDict("quantity=1")
        add = get_class("basket.views", "BasketAddView").as_view()
        response: HttpResponseBase = add(self.request, pk=plan.product_id)
        return response


class SellerRequiredMixin(MemberRequiredMixin):
    """Lets sellers in, and tells everybody else what is missing.

    It asks ``is_seller`` and not ``has_perm``: superusers have every permission.
    """

    refusal_template_name = "oscar/subscriptions/refused.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Refuse a member who is not a seller today with a page of status 403."""
        if request.user.is_authenticated and not sellers.is_seller(request.user):
            context = {"refusal": refusals.explain(request.user)}
            return render(request, self.refusal_template_name, context, status=403)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def seller(self) -> Seller:
        """The ``Seller`` of the member, created if need be."""
        return sellers.ensure_seller(self.member)

    def get_service(self) -> Product:
        """Return the service of the address, with ``own_records``, if it is the seller's own.

        Raises:
            Http404: it is somebody else's, the shop's, or a plan's product.
        """
        return get_object_or_404(listings.own_services(self.seller), pk=self.kwargs["pk"])

    def handle_no_permission(self) -> HttpResponseRedirect:
        """Redirect to sign in and back; after a POST, back to the list of services."""
        if self.request.method == "POST":
            return redirect_to_login(reverse("subscriptions:member-space"), str(self.login_url))
        return super().handle_no_permission()

    def refuse_limit(self) -> HttpResponse:
        """Redirect to the list of services with the message that the limit is reached."""
        messages.warning(self.request, parking.limit_message())
        return redirect("subscriptions:member-space")

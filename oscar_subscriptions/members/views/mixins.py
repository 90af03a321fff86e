"""Who may enter the member space, and what everybody else is told."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from oscar_subscriptions import sellers
from oscar_subscriptions.members import refusals
from oscar_subscriptions.sellers import listings


class SellerRequiredMixin(LoginRequiredMixin):
    """Lets sellers in and tells everybody else, in words, what is missing.

    ``is_seller`` is asked and not ``has_perm``: superusers have every permission.
    """

    login_url = reverse_lazy("customer:login")
    refusal_template_name = "oscar/subscriptions/refused.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Refuse a member who is not a seller today with a page of status 403."""
        if request.user.is_authenticated and not sellers.is_seller(request.user):
            context = {"refusal": refusals.explain(request.user)}
            return render(request, self.refusal_template_name, context, status=403)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def seller(self) -> Any:
        """The ``Seller`` of the member."""
        return sellers.ensure_seller(self.request.user)  # type: ignore[attr-defined]

    def get_service(self) -> Any:
        """Return the service of the address, if it is the seller's own.

        Raises:
            Http404: somebody else's, the shop's, or a plan's product.
        """
        pk = self.kwargs["pk"]  # type: ignore[attr-defined]
        return get_object_or_404(listings.own_services(self.seller), pk=pk)

    def handle_no_permission(self) -> Any:
        """Lead to sign in and back; never back to an address that only takes forms."""
        if self.request.method == "POST":  # type: ignore[attr-defined]
            return redirect_to_login(reverse("subscriptions:member-space"), str(self.login_url))
        return super().handle_no_permission()

    def refuse_limit(self) -> HttpResponse:
        """Go back to the list and say that there is no room."""
        messages.warning(self.request, limit_message())  # type: ignore[attr-defined]
        return redirect("subscriptions:member-space")


def limit_message() -> str:
    """Message: the plan's listing limit is used up."""
    return _(
        "You have as many services in the shop as your subscription allows. Withdraw one first, "
        "or choose a larger plan."
    )

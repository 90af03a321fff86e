"""The link with which an operator sells for a member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import cached_property

from oscar_subscriptions.loading import registered
from oscar_subscriptions.members.views.mixins import PlanIntoBasketMixin
from oscar_subscriptions.plans import eligibility, order_links

if TYPE_CHECKING:
    from oscar_subscriptions.plans.order_links import OrderLink
    from oscar_subscriptions.protocols import Plan


class OrderLinkView(PlanIntoBasketMixin):
    """Asks the member, then puts the plan of the link into the basket and leads to the order page.

    Whoever is signed in with another account reads only that, whatever the link is about, and may
    switch. A link that is forged, damaged or over says so before anybody signs in.
    """

    template_name = "oscar/subscriptions/order_link.html"
    refusal_template_name = "oscar/subscriptions/order_link_refused.html"

    @cached_property
    def link(self) -> OrderLink | None:
        """What the address says; ``None`` if it is forged or damaged."""
        return order_links.read(self.kwargs["token"])

    @cached_property
    def plan(self) -> Plan | None:
        """The plan of the link, or ``None`` if it is gone."""
        rows = registered.Plan.objects.select_related("product__product_class")
        return rows.filter(pk=self.link.plan).first() if self.link is not None else None

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Refuse what the member can't order by this link, with a page that says why."""
        if self.link is None:
            return self.refuse("invalid", 404)
        if self.link.is_over:
            return self.refuse("over", 410)
        if request.user.is_authenticated:
            if str(request.user.pk) != self.link.member:
                return self.switch() if "switch" in request.POST else self.refuse("other", 403)
            if self.plan is None or (problem := self._problem(self.plan)):
                return self.refuse("plan", 410, problem if self.plan is not None else "")
        return super().dispatch(request, *args, **kwargs)

    def _problem(self, plan: Plan) -> str:
        return eligibility.problem_with_plan(plan, self.member)

    def refuse(self, reason: str, status: int, problem: str = "") -> HttpResponse:
        """Return the page of a link that leads nowhere.

        Args:
            reason: ``invalid``, ``over``, ``other`` (account) or ``plan``.
            status: of HTTP.
            problem: why the plan can't be bought, if that is the reason.
        """
        context = {"reason": reason, "problem": problem}
        return render(self.request, self.refusal_template_name, context, status=status)

    def switch(self) -> HttpResponse:
        """Sign out; after signing in with another account the link opens again."""
        logout(self.request)
        return redirect_to_login(self.request.path, str(self.login_url))

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the plan, and ``replaced``: the plans in the basket that would go."""
        assert self.plan is not None
        replaced = self.replaced_by(self.plan)
        return super().get_context_data(plan=self.plan, replaced=replaced, **kwargs)

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        assert self.plan is not None
        response = self.put_into_basket(self.plan)
        # What else is in the basket, or a rule of the shop's, may have kept it out.
        lines = self.request.basket.lines.values_list("product_id", flat=True)
        if list(lines) == [self.plan.product_id]:
            return redirect("checkout:index")
        return response

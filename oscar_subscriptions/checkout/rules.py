"""The plan rules before each page of the checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from oscar.apps.checkout.exceptions import FailedPreCondition

from oscar_subscriptions.mail.held_terms import HeldTerms
from oscar_subscriptions.plans import eligibility, service_eligibility

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Plan, Request
    from oscar_subscriptions.protocols.bases import CheckoutView
else:
    CheckoutView = object


class PlanRulesMixin(CheckoutView):
    """Checks the plan rules before a page of the checkout."""

    _held: HeldTerms | None = None

    @cached_property
    def plan(self) -> Plan | None:
        """The plan in the basket, if there is one."""
        return eligibility.basket_plan(self.request.basket)

    def get_held_terms(self, request: Request) -> HeldTerms:
        """Return the terms of the visitor, read once for all parts of a page."""
        if self._held is None:
            self._held = HeldTerms.of_page(request, request.user)
        return self._held

    def get_pre_conditions(self, request: HttpRequest) -> list[str]:
        """Return the names of the shop's pre-conditions and of ours."""
        conditions = super().get_pre_conditions(request)
        return [*conditions, "check_plan_rules", "check_services_are_offered"]

    def check_plan_rules(self, request: Request) -> None:
        """Refuse a basket that breaks the plan rules.

        Raises:
            FailedPreCondition: with the reason, and the page on which to put it right.
        """
        has_plan = eligibility.basket_plan(request.basket) is not None
        held = self.get_held_terms(request) if has_plan else None
        problem = eligibility.problem_with_lines(request.basket.all_lines(), request.user, held)
        if not problem:
            return
        if problem == eligibility.sign_in():
            back = urlencode({"next": reverse("checkout:index")})
            raise FailedPreCondition(url=f"{reverse('customer:login')}?{back}", message=problem)
        raise FailedPreCondition(url=reverse("basket:summary"), message=problem)

    def check_services_are_offered(self, request: Request) -> None:
        """Refuse a service whose member is not a seller today.

        Raises:
            FailedPreCondition: with the name of the service.
        """
        if problem := service_eligibility.problem_with_services(request.basket.all_lines()):
            raise FailedPreCondition(url=reverse("basket:summary"), message=problem)

"""Ordering a plan: one page, order first, pay second. Without base classes, for a shop's own fork.

========================  =====================================================
Mixin                     goes in front of
========================  =====================================================
``PlanIndexMixin``        ``IndexView``
``PlanOrderMixin``        ``PaymentDetailsView``
``PlanThankYouMixin``     ``ThankYouView``
========================  =====================================================

Baskets without a plan go through the shop's checkout as before.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from oscar.apps.checkout.exceptions import FailedPreCondition

from oscar_subscriptions import fulfilment
from oscar_subscriptions.checkout import placement
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import get_class, registered
from oscar_subscriptions.plans import eligibility
from oscar_subscriptions.plans.previews import preview_term


class PlanIndexMixin:
    """Lets nobody begin a checkout that can't end: the plan rules come first."""

    def get_pre_conditions(self, request: HttpRequest) -> list[str]:
        """Add our rules to the shop's conditions."""
        conditions = super().get_pre_conditions(request)  # type: ignore[misc]
        return [*conditions, "check_plan_rules", "check_services_are_offered"]

    def check_plan_rules(self, request: Any) -> None:
        """Lead the member back to what has to be put right.

        Raises:
            FailedPreCondition: with the reason and the page to go to.
        """
        problem = eligibility.problem_with_lines(request.basket.all_lines(), request.user)
        if not problem:
            return
        if problem == eligibility.sign_in():
            back = urlencode({"next": reverse("checkout:index")})
            raise FailedPreCondition(url=f"{reverse('customer:login')}?{back}", message=problem)
        raise FailedPreCondition(url=reverse("basket:summary"), message=problem)

    def check_services_are_offered(self, request: Any) -> None:
        """Refuse the services of somebody who is not a seller today.

        Raises:
            FailedPreCondition: with the name of the service.
        """
        if problem := eligibility.problem_with_services(request.basket.all_lines()):
            raise FailedPreCondition(url=reverse("basket:summary"), message=problem)


class PlanOrderMixin(PlanIndexMixin):
    """The order page of a plan: billing details, summary, terms of sale, button; then to payment.

    Shown at ``checkout:preview``, where Oscar's checkout ends.
    """

    template_name_plan = "oscar/subscriptions/order_page.html"

    @cached_property
    def plan(self) -> Any | None:
        """The plan in the basket, if there is one."""
        return eligibility.basket_plan(self.request.basket)  # type: ignore[attr-defined]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer a second click on the order button with the order that the first one made."""
        if request.method == "POST" and request.basket.is_empty:  # type: ignore[attr-defined]
            order = placement.order_just_placed(request)
            if order is not None:
                return redirect(get_gateway().pay_url(order))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page; a plan's payment details are never asked on the shop's own pages."""
        if self.plan and not self.preview:  # type: ignore[attr-defined]
            return redirect("checkout:preview")
        return super().get(request, *args, **kwargs)  # type: ignore[misc]

    def get_template_names(self) -> list[str]:
        """Use the order page for a plan, and the shop's templates for everything else."""
        if self.plan:
            return [self.template_name_plan]
        return super().get_template_names()  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the forms, the terms of sale and the dates that buying today would give."""
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        if self.plan:
            context.setdefault("billing_form", self.get_billing_form())
            context.setdefault("consent_form", self.get_consent_form(context["order_total"]))
            context.setdefault("beginning_form", self.get_beginning_form())
            context.setdefault("renewal_form", self.get_renewal_form(context["order_total"]))
            context |= {
                "plan": self.plan,
                "span": preview_term(self.plan, self.request.user),  # type: ignore[attr-defined]
                "terms_of_sale": self.get_terms_of_sale(),
            }
        return context

    def get_terms_of_sale(self) -> Any | None:
        """Return the text that the member is asked to accept."""
        return registered.TermsOfSale.objects.current()

    def get_billing_form(self, data: Any = None) -> Any:
        """Return the billing form, prefilled from address book and profile."""
        form_class = get_class("checkout.order_forms", "PlanBillingForm")
        return form_class(data, user=self.request.user, prefix="billing")  # type: ignore[attr-defined]

    def get_beginning_form(self, data: Any = None) -> Any:
        """Return the form that asks when the plan shall begin."""
        form_class = get_class("checkout.order_forms", "BeginningForm")
        return form_class(data, plan=self.plan, user=self.request.user)  # type: ignore[attr-defined]

    def get_renewal_form(self, total: Any = None, data: Any = None) -> Any:
        """Return the form that offers automatic renewal."""
        return get_class("checkout.order_forms", "RenewalForm")(
            data,
            plan=self.plan,
            user=self.request.user,  # type: ignore[attr-defined]
            total=total,
        )

    def get_consent_form(self, total: Any = None, data: Any = None) -> Any:
        """Return the form with the tick; it carries the total and the text that were shown."""
        shown = {"total": total.incl_tax if total else None, "terms": self.get_terms_of_sale()}
        return get_class("checkout.order_forms", "ConsentForm")(data, **shown)

    def handle_place_order_submission(self, request: HttpRequest) -> HttpResponse:
        """Check billing details and tick on the server, then place the order."""
        if not self.plan:
            return super().handle_place_order_submission(request)  # type: ignore[misc]
        submission = self.build_submission()  # type: ignore[attr-defined]
        billing_form = self.get_billing_form(request.POST)
        consent_form = self.get_consent_form(submission["order_total"], request.POST)
        beginning_form = self.get_beginning_form(request.POST)
        renewal_form = self.get_renewal_form(submission["order_total"], request.POST)
        forms = (billing_form, consent_form, beginning_form, renewal_form)
        # All of them, so that every mistake is shown at once.
        if not min([form.is_valid() for form in forms]):
            return self.render_preview(  # type: ignore[attr-defined]
                request,
                billing_form=billing_form,
                consent_form=consent_form,
                beginning_form=beginning_form,
                renewal_form=renewal_form,
            )
        try:
            order = placement.place(self, *forms)
        except placement.AlreadyOrderedError as known:
            order = known.order
        except placement.NotPlacedError as error:
            return self.render_preview(  # type: ignore[attr-defined]
                request,
                billing_form=billing_form,
                beginning_form=beginning_form,
                renewal_form=renewal_form,
                error=str(error),
            )
        return self.handle_plan_order(order)

    def handle_plan_order(self, order: Any) -> HttpResponse:
        """Send the member on to pay; no e-mail says "confirmed" before the money is."""
        self.checkout_session.flush()  # type: ignore[attr-defined]
        self.request.session["checkout_order_id"] = order.pk  # type: ignore[attr-defined]
        if order.total_incl_tax == 0:
            return redirect("checkout:thank-you")
        return redirect(get_gateway().pay_url(order))


class PlanThankYouMixin:
    """The confirmation of a plan: the dates, the receipt, and what to do next."""

    template_name_plan = "oscar/subscriptions/thank_you.html"

    def get_object(self, queryset: Any = None) -> Any | None:
        """Return the order to show; an order that waits for its payment is not confirmed."""
        order = super().get_object(queryset)  # type: ignore[misc]
        self.term = fulfilment.term_of(order) if order else None
        return order

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the confirmation, or lead back to payment."""
        order = self.get_object()
        if order is not None and self.term is None and placement.is_plan_order(order):
            return redirect(get_gateway().pay_url(order))
        return super().get(request, *args, **kwargs)  # type: ignore[misc]

    def get_template_names(self) -> list[str]:
        """Use our page for a plan, and the shop's for everything else."""
        return [self.template_name_plan] if self.term else super().get_template_names()  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the term."""
        return super().get_context_data(**kwargs) | {"term": self.term}  # type: ignore[misc]

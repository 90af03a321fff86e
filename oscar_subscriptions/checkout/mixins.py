"""The checkout of a plan: one order page, then payment; as mixins for a shop's own fork.

========================  =====================================================
Mixin                     goes in front of
========================  =====================================================
``PlanIndexMixin``        ``IndexView``
``PlanOrderMixin``        ``PaymentDetailsView``
``PlanThankYouMixin``     ``ThankYouView``
========================  =====================================================

Baskets without a plan go through the shop's checkout as before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from oscar.core.loading import get_class as oscar_class

from oscar_subscriptions import conf, fulfilment, sellers
from oscar_subscriptions.checkout import placement
from oscar_subscriptions.checkout.rules import PlanRulesMixin
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import get_class, registered
from oscar_subscriptions.plans.previews import preview_term

if TYPE_CHECKING:
    from oscar_subscriptions.checkout import order_forms
    from oscar_subscriptions.protocols import Order, Price, Request, Term, TermsOfSale, User
    from oscar_subscriptions.protocols.bases import ThankYouView
else:
    ThankYouView = object


class PlanIndexMixin(PlanRulesMixin):
    """The way into the checkout: a plan goes straight to its order page."""

    def get_success_url(self) -> str:
        """Return where the checkout begins: for a plan that is not shipped, at its order page."""
        if self.plan and not self.request.basket.is_shipping_required():
            return reverse("checkout:preview")
        return super().get_success_url()


class PlanOrderMixin(PlanRulesMixin):
    """The order page of a plan: billing details, summary, terms of sale, button; then payment.

    It replaces Oscar's page at ``checkout:preview``.
    """

    template_name_plan = "oscar/subscriptions/order_page.html"

    @property
    def _member(self) -> User:
        # A visitor with a plan in the basket was sent to sign in by ``check_plan_rules``.
        assert self.request.user.is_authenticated
        return self.request.user

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Answer a second click on the order button with the order that the first one made."""
        if request.method == "POST" and self.request.basket.is_empty:
            order = placement.order_just_placed(request)
            if order is not None:
                return redirect(get_gateway().pay_url(order))
        return super().dispatch(request, *args, **kwargs)

    def check_shipping_data_is_captured(self, request: Request) -> None:
        """Let a plan pass that came here straight from the index, past Oscar's pages about
        shipping.

        Raises:
            FailedPreCondition: the basket is to be shipped, and nothing is known of that yet.
        """
        is_plan_alone = self.plan and not request.basket.is_shipping_required()
        if is_plan_alone and not self.checkout_session.is_shipping_method_set(request.basket):
            method = oscar_class("shipping.methods", "NoShippingRequired")
            self.checkout_session.use_shipping_method(method.code)
        super().check_shipping_data_is_captured(request)

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the page; a plan skips Oscar's page of payment details."""
        if self.plan and not self.preview:
            return redirect("checkout:preview")
        return super().get(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        """Use the order page for a plan, and the shop's templates for everything else."""
        if self.plan:
            return [self.template_name_plan]
        return super().get_template_names()

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Add the forms, the plan, the terms of sale and the days that buying today would give.

        Forms in ``kwargs`` are kept: they are shown again with their mistakes.
        """
        context = super().get_context_data(**kwargs)
        if self.plan:
            context.setdefault("billing_form", self.get_billing_form())
            context.setdefault("consent_form", self.get_consent_form(context["order_total"]))
            context.setdefault("beginning_form", self.get_beginning_form())
            context.setdefault("renewal_form", self.get_renewal_form(context["order_total"]))
            context |= {
                "plan": self.plan,
                "span": preview_term(
                    self.plan, self._member, held=self.get_held_terms(self.request)
                ),
                # The very text that the tick is about.
                "terms_of_sale": context["consent_form"].terms,
            }
        return context

    def get_terms_of_sale(self) -> TermsOfSale | None:
        """Return the text that the member is asked to accept."""
        return registered.TermsOfSale.objects.current()

    def get_billing_form(self, data: QueryDict | None = None) -> order_forms.PlanBillingForm:
        """Return the billing form, prefilled from address book and profile."""
        form = get_class("checkout.order_forms", "PlanBillingForm")
        return form(data, user=self._member, prefix="billing")

    def get_beginning_form(self, data: QueryDict | None = None) -> order_forms.BeginningForm:
        """Return the form that asks when the plan shall begin."""
        form = get_class("checkout.order_forms", "BeginningForm")
        return form(data, plan=self.plan, user=self._member, held=self.get_held_terms(self.request))

    def get_renewal_form(
        self, total: Price | None = None, data: QueryDict | None = None
    ) -> order_forms.RenewalForm:
        """Return the form that offers automatic renewal."""
        form = get_class("checkout.order_forms", "RenewalForm")
        return form(data, plan=self.plan, user=self._member, total=total)

    def get_consent_form(
        self, total: Price | None = None, data: QueryDict | None = None
    ) -> order_forms.ConsentForm:
        """Return the form with the tick; it carries the total and the text that were shown."""
        shown = {"total": total.incl_tax if total else None, "terms": self.get_terms_of_sale()}
        return get_class("checkout.order_forms", "ConsentForm")(data, **shown)

    def handle_place_order_submission(self, request: HttpRequest) -> HttpResponse:
        """Validate the forms of the page, then place the order."""
        if not self.plan:
            return super().handle_place_order_submission(request)
        submission = self.build_submission()
        billing_form = self.get_billing_form(request.POST)
        consent_form = self.get_consent_form(submission["order_total"], request.POST)
        beginning_form = self.get_beginning_form(request.POST)
        renewal_form = self.get_renewal_form(submission["order_total"], request.POST)
        forms = (billing_form, consent_form, beginning_form, renewal_form)
        kept = {
            "billing_form": billing_form,
            "beginning_form": beginning_form,
            "renewal_form": renewal_form,
        }
        # All of them, so that every mistake is shown at once.
        if not min([form.is_valid() for form in forms]):
            return self.render_preview(request, consent_form=consent_form, **kept)
        try:
            order = placement.place_plan_order(self, *forms)
        except placement.AlreadyOrderedError as known:
            order = known.order
        except placement.NotPlacedError as error:
            # The total or the text may have changed: the member ticks again.
            return self.render_preview(request, error=str(error), **kept)
        return self.handle_plan_order(order)

    def handle_plan_order(self, order: Order) -> HttpResponse:
        """Redirect the member to pay; Oscar's confirmation mail waits for the money."""
        self.checkout_session.flush()
        self.request.session["checkout_order_id"] = order.pk
        if order.total_incl_tax == 0:
            return redirect("checkout:thank-you")
        return redirect(get_gateway().pay_url(order))


class PlanThankYouMixin(ThankYouView):
    """The confirmation of a plan: the dates, the receipt, and what to do next."""

    template_name_plan = "oscar/subscriptions/thank_you.html"
    term: Term | None
    _order: Order | None
    _is_read = False

    def get_object(self, queryset: object = None) -> Order | None:
        """Return the order to show, and keep the term that it gave: ``None`` until it is paid."""
        if not self._is_read:
            self._order = super().get_object(queryset)
            self.term = fulfilment.term_of(self._order) if self._order else None
            self._is_read = True
        return self._order

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the confirmation, or redirect to payment."""
        order = self.get_object()
        if order is not None and self.term is None and placement.is_plan_order(order):
            return redirect(get_gateway().pay_url(order))
        return super().get(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        """Use our page for a plan, and the shop's for everything else."""
        return [self.template_name_plan] if self.term else super().get_template_names()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the term, and whether the member is a seller today."""
        is_seller = self.term is not None and self.term.covers(conf.today())
        return super().get_context_data(**kwargs) | {
            "term": self.term,
            "is_selling": is_seller or sellers.is_seller(self.request.user),
        }

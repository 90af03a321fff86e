"""The pages of one plan: the form, off sale, back on sale. A plan is never deleted."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import generic

from oscar_subscriptions.dashboard.plans import pricing, saving, validation
from oscar_subscriptions.dashboard.plans.list_view import TermsWarningMixin
from oscar_subscriptions.loading import get_class, registered
from oscar_subscriptions.plans import vendors
from oscar_subscriptions.sellers import html

LIST = reverse_lazy("subscriptions-dashboard:plan-list")


class PlanFormView(TermsWarningMixin, generic.UpdateView):
    """The one form, for a new plan and for an old one."""

    template_name = "oscar/dashboard/subscriptions/plan_form.html"
    image: Any = None

    def get_form_class(self) -> Any:
        return get_class("dashboard.plans.forms", "PlanForm")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"has_image": self.image is not None}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(image=self.image, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        strategy = self.request.strategy  # type: ignore[attr-defined]
        try:
            price = saving.save(form.instance, form.cleaned_data, strategy)
        except pricing.PriceRefusedError as refusal:
            form.add_error(refusal.field, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, pricing.announced(form.instance, price))
        return redirect(LIST)


class PlanCreateView(PlanFormView):
    """A new plan with its product."""

    def get_object(self, queryset: Any = None) -> None:
        """Return nothing to edit: the form makes a new plan."""


class PlanUpdateView(PlanFormView):
    """Edit a plan with its product. What members have bought already stays what it was."""

    def get_object(self, queryset: Any = None) -> Any:
        return get_plan(self.kwargs["pk"])

    @cached_property
    def image(self) -> Any:
        """The picture of the plan's product, or ``None``."""
        return self.object.product.images.order_by("display_order", "pk").first()

    def get_initial(self) -> dict[str, Any]:
        product, record = self.object.product, vendors.own_record(self.object.product)
        return {
            "title": product.title,
            "description": html.as_typed(product.description),
            "category": saving.first_category(product),
            "price": record and record.price,
            "vendor": record and record.partner_id,
            "is_on_sale": self.object.is_on_sale and product.is_public,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        strategy = self.request.strategy  # type: ignore[attr-defined]
        plan = get_plan(self.object.pk)  # ours may carry changes that were refused
        price = strategy.fetch_for_product(plan.product).price
        return super().get_context_data(plan=plan, price=price, **kwargs)


class PlanConfirmView(generic.TemplateView):
    """Asks before a plan is taken off sale or put back, and does it when the answer comes."""

    template_name = "oscar/dashboard/subscriptions/plan_confirm.html"
    offers: bool

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            plan=get_plan(self.kwargs["pk"]), offers=self.offers, **kwargs
        )


class PlanRetireView(PlanConfirmView):
    """Take a plan off sale."""

    offers = False

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        plan = get_plan(pk)
        saving.retire(plan)
        messages.success(request, _("“%(plan)s” is no longer on sale.") % {"plan": plan.title})
        return redirect(LIST)


class PlanOfferView(PlanConfirmView):
    """Put a plan back on sale."""

    offers = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        plan = get_plan(pk)
        if validation.is_taken(plan.title, plan):
            messages.error(request, validation.title_taken())
        else:
            saving.offer(plan)
            messages.success(request, _("“%(plan)s” is on sale.") % {"plan": plan.title})
        return redirect(LIST)


def get_plan(pk: int) -> Any:
    """Return the plan with its product.

    Raises:
        Http404: there is none.
    """
    plans = registered.Plan.objects.select_related("product")
    return get_object_or_404(plans, pk=pk)

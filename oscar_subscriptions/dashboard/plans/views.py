"""The pages of one plan: the form, off sale, back on sale. A plan is never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import generic

from oscar_subscriptions.dashboard.plans import pricing, saving, validation
from oscar_subscriptions.dashboard.plans.list_view import TermsWarningMixin
from oscar_subscriptions.loading import get_class, registered
from oscar_subscriptions.plans import vendors
from oscar_subscriptions.sellers import html

if TYPE_CHECKING:
    from oscar_subscriptions.dashboard.plans.forms import PlanForm
    from oscar_subscriptions.dashboard.plans.saving import PlanData
    from oscar_subscriptions.protocols import Plan, Price, Product, StaffRequest, StockRecord

    _FormView = generic.UpdateView[Plan, PlanForm]
else:
    _FormView = generic.UpdateView

LIST = reverse_lazy("subscriptions-dashboard:plan-list")


# The picture takes seconds to decode, which must not hold a transaction (``ATOMIC_REQUESTS``) open:
# ``saving.save`` has its own.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class PlanFormView(TermsWarningMixin, _FormView):
    """The form of a plan, new or existing."""

    request: StaffRequest

    template_name = "oscar/dashboard/subscriptions/plan_form.html"

    @cached_property
    def image(self) -> object:
        """Oscar's ``ProductImage`` that may be replaced or removed, or ``None``."""
        return None

    def get_form_class(self) -> type[PlanForm]:
        return get_class("dashboard.plans.forms", "PlanForm")

    def get_form_kwargs(self) -> dict[str, object]:
        return super().get_form_kwargs() | {"has_image": self.image is not None}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        kwargs.setdefault("may_save", True)
        return super().get_context_data(image=self.image, **kwargs)

    def form_valid(self, form: PlanForm) -> HttpResponse:
        data = cast("PlanData", form.cleaned_data)
        try:
            price = saving.save(form.instance, data, self.request.strategy)
        except pricing.PriceRefusedError as refusal:
            form.add_error(refusal.field, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, pricing.saved_message(form.instance, price))
        return redirect(LIST)


class PlanCreateView(PlanFormView):
    """A new plan with its product."""

    def get_object(self, queryset: object = None) -> None:  # type: ignore[override]
        """Return no plan to edit: the form creates one."""


class PlanUpdateView(PlanFormView):
    """Edit a plan with its product; terms that members have bought stay as they are."""

    def get_object(self, queryset: object = None) -> Plan:
        return get_plan(self.kwargs["pk"])

    @cached_property
    def image(self) -> object:
        """The picture of the plan's product, or ``None``."""
        product: Product = self.object.product
        return product.images.order_by("display_order", "pk").first()

    def get_initial(self) -> dict[str, object]:
        product: Product = self.object.product
        record: StockRecord | None = vendors.own_record(product)
        return {
            "title": product.title,
            "description": html.as_typed(product.description),
            "category": saving.first_category(product),
            "price": record and record.price,
            "vendor": record and record.partner_id,
            "is_on_sale": self.object.is_on_sale and product.is_public,
        }

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        plan = get_plan(self.object.pk)  # self.object may carry changes that were refused
        price: Price = self.request.strategy.fetch_for_product(plan.product).price
        # Who may only look sees the form all the same.
        may_save = self.request.user.has_perm("oscar_subscriptions.change_plan")
        return super().get_context_data(plan=plan, price=price, may_save=may_save, **kwargs)


class PlanConfirmView(generic.TemplateView):
    """Ask before a plan is taken off sale or put back on sale; posting does it."""

    template_name = "oscar/dashboard/subscriptions/plan_confirm.html"
    offers: bool

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
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


def get_plan(pk: int) -> Plan:
    """Return the plan with its product.

    Raises:
        Http404: there is no such plan.
    """
    plans = registered.Plan.objects.select_related("product")
    return get_object_or_404(plans, pk=pk)

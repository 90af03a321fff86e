"""The plan rules wherever a visitor changes a basket, as mixins for a shop's own basket app.

===============================  ================================================
Mixin                            goes in front of
===============================  ================================================
``PlanAddToBasketFormMixin``     ``AddToBasketForm``
``PlanBasketLineFormMixin``      ``BasketLineForm``
``PlanSavedLineFormMixin``       ``SavedLineForm``
``PlanBasketAddViewMixin``       ``BasketAddView``
===============================  ================================================

The basket has ``model_mixins.PlanBasketMixin``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility, offers, service_eligibility

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import BasketLine, Plan
    from oscar_subscriptions.protocols.bases import (
        AddToBasketForm,
        BasketAddView,
        BasketLineForm,
        SavedLineForm,
    )
else:
    AddToBasketForm = BasketAddView = BasketLineForm = SavedLineForm = object


class PlanAddToBasketFormMixin(AddToBasketForm):
    """Refuses a plan twice, beside something else, or while it can't be bought."""

    def clean(self) -> dict[str, object] | None:
        """Validate Oscar's form, then the plan rules.

        Raises:
            ValidationError: with the reason in the visitor's language.
        """
        cleaned = super().clean()
        lines = list(self.basket.all_lines()) if self.basket.id else []
        plan: Plan | None = eligibility.plan_for_product(self.product)
        if plan is None:
            if eligibility.plans_among(lines):
                raise forms.ValidationError(eligibility.alone())
            if problem := service_eligibility.problem_with_product(self.product):
                raise forms.ValidationError(problem)
            return cleaned
        if self.cleaned_data.get("quantity") != 1:
            raise forms.ValidationError(eligibility.once())
        # Another plan may be there: the view replaces it with this one.
        if any(line.product_id not in eligibility.plans_among(lines) for line in lines):
            raise forms.ValidationError(eligibility.alone())
        found = offers.of_strategy(self.basket.strategy)
        if problem := eligibility.problem_with_plan(plan, self.basket.owner, found=found):
            raise forms.ValidationError(problem)
        return cleaned


class PlanBasketLineFormMixin(BasketLineForm):
    """Refuses any quantity of a plan but 1; the page shows it as fixed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Oscar's basket page shows the field without its label.
        quantity = self.fields["quantity"]
        quantity.widget.attrs["aria-label"] = quantity.label

    def clean_quantity(self) -> int:
        """Validate the quantity; that of a plan is 1, or 0 to remove it.

        Raises:
            ValidationError: a forged quantity of a plan.
        """
        quantity = super().clean_quantity()
        if quantity > 1 and eligibility.plan_for_product(self.instance.product):
            raise forms.ValidationError(eligibility.once())
        return quantity


class PlanSavedLineFormMixin(SavedLineForm):
    """Refuses to move a saved line beside a plan, or a saved plan beside something else."""

    def clean(self) -> dict[str, object] | None:
        """Validate Oscar's form, then the plan rules.

        Raises:
            ValidationError: with the reason in the member's language.
        """
        cleaned = super().clean()
        if not cleaned or not cleaned.get("move_to_basket"):
            return cleaned
        lines: list[BasketLine] = list(self.basket.lines.all())
        if lines and eligibility.plans_among([*lines, self.instance]):
            raise forms.ValidationError(eligibility.alone())
        plan: Plan | None = eligibility.plan_for_product(self.instance.product)
        if plan is not None and (problem := eligibility.problem_with_plan(plan, self.basket.owner)):
            raise forms.ValidationError(problem)
        return cleaned


class PlanBasketAddViewMixin(BasketAddView):
    """Leads a visitor who picks a plan to sign in and back, and a member on to the basket."""

    plan: Plan | None = None

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Add a product; a plan needs a member, and is added once."""
        plans = registered.Plan.objects.select_related("product__product_class").prefetch_related(
            "product__stockrecords"
        )
        self.plan = plans.filter(product=kwargs["pk"]).first()
        if self.plan is not None:
            if not request.user.is_authenticated:
                messages.info(request, eligibility.sign_in())
                back = urlencode({"next": self.plan.product.get_absolute_url()})
                return redirect(f"{reverse('customer:login')}?{back}")
            if self._is_in_basket(self.plan):
                messages.info(request, _("This subscription is in your basket already."))
                return redirect("basket:summary")
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, object]:
        """Give the form the product that knows its plan."""
        kwargs = super().get_form_kwargs()
        if self.plan is not None:
            kwargs["product"] = self.plan.product
        return kwargs

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Add the product; a plan replaces the plan in the basket."""
        if self.plan is not None:
            self._make_room()
        return super().form_valid(form)

    def get_success_url(self) -> str:
        """Go on to the basket after a plan, so that one step leads to the next."""
        if self.plan is not None:
            return reverse("basket:summary")
        return super().get_success_url()

    def _is_in_basket(self, plan: Plan) -> bool:
        lines = list(self.request.basket.all_lines())
        return [line.product_id for line in lines] == [plan.product_id]

    def _make_room(self) -> None:
        # The form has made sure that nothing but plans is in the basket.
        basket = self.request.basket
        for line in list(basket.all_lines()):
            line.delete()
        basket.reset_offer_applications()

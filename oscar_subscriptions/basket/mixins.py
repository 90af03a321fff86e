"""The plan rules wherever a basket changes, as mixins for a shop's own basket app.

===============================  ================================================
Mixin                            goes in front of
===============================  ================================================
``PlanBasketMixin``              ``AbstractBasket`` in the shop's ``models.py``
``PlanAddToBasketFormMixin``     ``AddToBasketForm``
``PlanBasketLineFormMixin``      ``BasketLineForm``
``PlanSavedLineFormMixin``       ``SavedLineForm``
``PlanBasketAddViewMixin``       ``BasketAddView``
===============================  ================================================
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility, offers

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Basket, BasketLine, Plan, Product, Rows
    from oscar_subscriptions.protocols.bases import (
        AbstractBasket,
        AddToBasketForm,
        BasketAddView,
        BasketLineForm,
        SavedLineForm,
    )
else:
    AbstractBasket = AddToBasketForm = BasketAddView = BasketLineForm = SavedLineForm = object


class PlanBasketMixin(AbstractBasket):
    """Keeps a plan alone in its basket when two baskets merge on sign-in, and its quantity at 1.

    Its lines are read once, with what every page asks about their products.
    """

    def all_lines(self) -> Rows:
        """Return the lines, as Oscar does, with class, plan and stock records of their products."""
        are_known = self._lines is not None
        lines = super().all_lines()
        if self._lines is not None and not are_known:
            lines = self._lines = lines.select_related(
                "product__product_class", "product__subscription_plan"
            ).prefetch_related("product__stockrecords")
        return lines

    @property
    def num_lines(self) -> int:
        """The number of lines; Oscar counts them in the database, and reads them afterwards."""
        return len(self.all_lines())

    def add_product(
        self, product: Product, quantity: int = 1, options: Iterable[object] | None = None
    ) -> tuple[BasketLine, bool]:
        """Add a product; a plan at most once, also when an old order is ordered again.

        Returns:
            The line, and whether it is new.
        """
        line, created = super().add_product(product, quantity, options)
        if line.quantity > 1 and eligibility.plan_for_product(product):
            line.quantity = 1
            line.save()
        return line, created

    add_product.alters_data = True  # type: ignore[attr-defined]
    add = add_product

    def merge(self, basket: Basket, add_quantities: bool = True) -> None:
        """Merge ``basket`` into this one; save for later each line that does not fit beside a plan.

        The lines of the member's own basket stay. The basket page lists the saved ones.
        """
        if self.owner_id:
            self._save_what_does_not_fit(basket)
        super().merge(basket, add_quantities)

    merge.alters_data = True  # type: ignore[attr-defined]

    def merge_line(self, line: BasketLine, add_quantities: bool = True) -> None:
        """Merge one line; the quantity of a plan stays 1."""
        plan: Plan | None = eligibility.plan_for_product(line.product)
        super().merge_line(line, add_quantities and plan is None)
        if plan is not None:
            self.lines.filter(product=line.product).update(quantity=1)
            self._lines = None  # Oscar's cache of ``all_lines``

    merge_line.alters_data = True  # type: ignore[attr-defined]

    def _save_what_does_not_fit(self, basket: Basket) -> None:
        own: list[BasketLine] = list(self.lines.all())
        incoming: list[BasketLine] = list(basket.lines.select_related("product"))
        plans = eligibility.plans_among([*own, *incoming])
        has_plan = any(line.product_id in plans for line in own)
        for line in incoming:
            same_plan = line.product_id in plans and line.product_id in {o.product_id for o in own}
            fits = same_plan or not (has_plan or (line.product_id in plans and own))
            if not fits:
                self._saved_basket().merge_line(line)
            else:
                own.append(line)
                has_plan = has_plan or line.product_id in plans

    def _saved_basket(self) -> Basket:
        saved: tuple[Basket, bool] = type(self).saved.get_or_create(owner=self.owner)
        return saved[0]


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
            if problem := eligibility.problem_with_product(self.product):
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

    def get_form_kwargs(self) -> dict[str, Any]:
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

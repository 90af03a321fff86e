"""The plan rules at the basket's doors, without base classes: for a shop's own basket app.

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

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from oscar_subscriptions.plans import eligibility


class PlanBasketMixin:
    """Keeps a plan alone in its basket when two baskets merge on sign-in, and its quantity at 1."""

    def add_product(self, product: Any, quantity: int = 1, options: Any = None) -> tuple[Any, bool]:
        """Add a product; a plan never more than once, by whatever way (such as "re-order")."""
        line, created = super().add_product(product, quantity, options)  # type: ignore[misc]
        if line.quantity > 1 and eligibility.plan_for_product(product):
            line.quantity = 1
            line.save()
        return line, created

    add_product.alters_data = True  # type: ignore[attr-defined]
    add = add_product

    def merge(self, basket: Any, add_quantities: bool = True) -> None:
        """Merge ``basket`` into this one; what does not fit beside a plan is saved for later.

        What is in the member's own basket stays. Nothing is lost: the saved items are listed
        on the basket page.
        """
        if self.owner_id:  # type: ignore[attr-defined]
            self._save_what_does_not_fit(basket)
        super().merge(basket, add_quantities)  # type: ignore[misc]

    merge.alters_data = True  # type: ignore[attr-defined]

    def merge_line(self, line: Any, add_quantities: bool = True) -> None:
        """Merge one line; the quantity of a plan stays 1."""
        plan = eligibility.plan_for_product(line.product)
        super().merge_line(line, add_quantities and plan is None)  # type: ignore[misc]
        if plan is not None:
            self.lines.filter(product=line.product).update(quantity=1)  # type: ignore[attr-defined]
            self._lines = None

    merge_line.alters_data = True  # type: ignore[attr-defined]

    def _save_what_does_not_fit(self, basket: Any) -> None:
        own = list(self.lines.all())  # type: ignore[attr-defined]
        incoming = list(basket.lines.select_related("product"))
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

    def _saved_basket(self) -> Any:
        return type(self).saved.get_or_create(owner=self.owner)[0]  # type: ignore[attr-defined]


class PlanAddToBasketFormMixin:
    """Refuses to add a plan more than once, beside something else, or out of season."""

    def clean(self) -> dict[str, Any]:
        """Validate Oscar's form, then the plan rules.

        Raises:
            ValidationError: with the reason in the visitor's language.
        """
        cleaned = super().clean()  # type: ignore[misc]
        lines = list(self.basket.all_lines()) if self.basket.id else []  # type: ignore[attr-defined]
        plan = eligibility.plan_for_product(self.product)  # type: ignore[attr-defined]
        if plan is None:
            if eligibility.plans_among(lines):
                raise forms.ValidationError(eligibility.alone())
            if problem := eligibility.problem_with_product(self.product):  # type: ignore[attr-defined]
                raise forms.ValidationError(problem)
            return cleaned
        if self.cleaned_data.get("quantity") != 1:  # type: ignore[attr-defined]
            raise forms.ValidationError(eligibility.once())
        # Another plan is replaced by this one, which loses nobody anything; see the view.
        if any(line.product_id not in eligibility.plans_among(lines) for line in lines):
            raise forms.ValidationError(eligibility.alone())
        if problem := eligibility.problem_with_plan(plan, self.basket.owner):  # type: ignore[attr-defined]
            raise forms.ValidationError(problem)
        return cleaned


class PlanBasketLineFormMixin:
    """Refuses another quantity than 1 for a plan; the page shows it as fixed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Oscar's basket page shows the field without its label.
        quantity = self.fields["quantity"]  # type: ignore[attr-defined]
        quantity.widget.attrs["aria-label"] = quantity.label

    def clean_quantity(self) -> int:
        """Validate the quantity; a plan can be removed (0) but is otherwise bought once.

        Raises:
            ValidationError: a forged quantity of a plan.
        """
        quantity = super().clean_quantity()  # type: ignore[misc]
        if quantity > 1 and eligibility.plan_for_product(self.instance.product):  # type: ignore[attr-defined]
            raise forms.ValidationError(eligibility.once())
        return quantity


class PlanSavedLineFormMixin:
    """Refuses to move a saved line beside a plan, or a saved plan beside something else."""

    def clean(self) -> dict[str, Any]:
        """Validate Oscar's form, then the plan rules.

        Raises:
            ValidationError: with the reason in the member's language.
        """
        cleaned = super().clean()  # type: ignore[misc]
        if not cleaned or not cleaned.get("move_to_basket"):
            return cleaned
        lines = list(self.basket.lines.all())  # type: ignore[attr-defined]
        product = self.instance.product  # type: ignore[attr-defined]
        if lines and eligibility.plans_among([*lines, self.instance]):  # type: ignore[attr-defined]
            raise forms.ValidationError(eligibility.alone())
        plan = eligibility.plan_for_product(product)
        if plan is not None and (problem := eligibility.problem_with_plan(plan, self.basket.owner)):  # type: ignore[attr-defined]
            raise forms.ValidationError(problem)
        return cleaned


class PlanBasketAddViewMixin:
    """Leads a visitor who picks a plan to sign in and back, and a member on to the basket."""

    plan: Any = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add a product; a plan in its own way."""
        product = get_object_or_404(self.product_model, pk=kwargs["pk"])  # type: ignore[attr-defined]
        self.plan = eligibility.plan_for_product(product)
        if self.plan is not None:
            if not request.user.is_authenticated:
                messages.info(request, eligibility.sign_in())
                back = urlencode({"next": product.get_absolute_url()})
                return redirect(f"{reverse('customer:login')}?{back}")
            if self._is_in_basket(request):
                messages.info(request, _("This subscription is in your basket already."))
                return redirect("basket:summary")
        return super().post(request, *args, **kwargs)  # type: ignore[misc]

    def form_valid(self, form: Any) -> HttpResponse:
        """Add the product; a plan takes the place of a plan chosen before."""
        if self.plan is not None:
            self._make_room()
        return super().form_valid(form)  # type: ignore[misc]

    def get_success_url(self) -> str:
        """Go on to the basket after a plan, so that one step leads to the next."""
        if self.plan is not None:
            return reverse("basket:summary")
        return super().get_success_url()  # type: ignore[misc]

    def _is_in_basket(self, request: Any) -> bool:
        lines = list(request.basket.all_lines())
        return [line.product_id for line in lines] == [self.plan.product_id]

    def _make_room(self) -> None:
        # The form has made sure that nothing but plans is in the basket.
        basket = self.request.basket  # type: ignore[attr-defined]
        for line in list(basket.all_lines()):
            line.delete()
        basket.reset_offer_applications()

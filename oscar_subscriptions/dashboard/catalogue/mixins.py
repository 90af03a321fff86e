"""Plans in Oscar's catalogue dashboard, without base classes: for a shop's own fork of it.

===============================  ================================================
Mixin                            goes in front of
===============================  ================================================
``PlanProductListMixin``         ``ProductListView``
``PlanBulkActionMixin``          ``ProductBulkActionConfirmView``
``PlanProductUpdateMixin``       ``ProductCreateUpdateView``
``PlanProductDeleteMixin``       ``ProductDeleteView``
``PlanStockRecordFormSetMixin``  ``StockRecordFormSet``, named in the update view
===============================  ================================================
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility, vendors

LIST = "dashboard:catalogue-product-list"


class PlanProductListMixin:
    """Keeps plans out of a partner user's list, and so out of its bulk actions."""

    def filter_queryset(self, queryset: Any) -> Any:
        """Restrict Oscar's list to what the user may change."""
        return _without_plans(self, super().filter_queryset(queryset))  # type: ignore[misc]


class PlanBulkActionMixin:
    """Keeps a partner user from hiding a plan, whatever numbers were posted."""

    def get_selectable_queryset(self) -> Any:
        """Restrict Oscar's selection to what the user may change."""
        return _without_plans(self, super().get_selectable_queryset())  # type: ignore[misc]


class PlanProductUpdateMixin:
    """Lets nobody but staff write what a plan is called, says and costs."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send partner users back, with the reason."""
        plan = plan_sold_as(kwargs.get("pk"))
        if plan is not None and not request.user.is_staff:
            messages.error(
                request,
                _("“%(plan)s” is a subscription of the shop: only its staff can change it.")
                % {"plan": plan.title},
            )
            return redirect(LIST)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class PlanProductDeleteMixin:
    """Says why the product of a plan stays, where the database would refuse with an error."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send everybody back, with the reason."""
        plan = plan_sold_as(kwargs["pk"])
        if plan is not None:
            messages.error(
                request,
                _(
                    "“%(plan)s” is a subscription: members may have bought it, so it is never "
                    "deleted. It can be taken off sale under “Subscriptions”."
                )
                % {"plan": plan.title},
            )
            return redirect(LIST)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class PlanStockRecordFormSetMixin:
    """Refuses a foreign stock record on a plan, and to delete the one it is sold from."""

    def clean(self) -> None:
        """Validate Oscar's formset, then who sells.

        Raises:
            ValidationError: with the reason in the operator's language.
        """
        super().clean()  # type: ignore[misc]
        plan = eligibility.plan_for_product(self.instance)  # type: ignore[attr-defined]
        if plan is None or any(self.errors):  # type: ignore[attr-defined]
            return
        deleted = self.deleted_forms  # type: ignore[attr-defined]
        filled = [form for form in self.forms if form.cleaned_data.get("partner")]  # type: ignore[attr-defined]
        kept = [form.cleaned_data["partner"] for form in filled if form not in deleted]
        if strangers := [partner for partner in kept if vendors.has_sellers(partner)]:
            raise forms.ValidationError(
                _(
                    "A subscription is sold by the shop itself. %(names)s can't offer it: "
                    "somebody who is not staff could change the price."
                )
                % {"names": ", ".join(partner.display_name for partner in strangers)}
            )
        own = vendors.own_record(self.instance)  # type: ignore[attr-defined]
        if own is not None and not kept:
            raise forms.ValidationError(
                _("A subscription needs a price. It can be taken off sale under “Subscriptions”.")
            )


def plan_sold_as(product_id: int | None) -> Any | None:
    """Return the plan that the product, or a variant of it, sells; ``None`` for any other."""
    plans = registered.Plan.objects.select_related("product")
    sold = Q(product=product_id) | Q(product__parent=product_id)
    return plans.filter(sold).first() if product_id is not None else None


def _without_plans(view: Any, products: Any) -> Any:
    if view.request.user.is_staff:
        return products
    return products.filter(subscription_plan__isnull=True)

"""Mixins that protect plans in Oscar's catalogue dashboard, for a shop's own fork of it.

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

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility, vendors

if TYPE_CHECKING:
    from django.views import View

    from oscar_subscriptions.protocols import Partner, Plan, Product, Rows

    _View = View
    _FormSet = forms.BaseInlineFormSet
else:
    _View = _FormSet = object

LIST = "dashboard:catalogue-product-list"


class PlanProductListMixin(_View):
    """Keep plans out of a partner user's list, and so out of its bulk actions."""

    def filter_queryset(self, queryset: Rows) -> Rows:
        """Restrict Oscar's list to what the user may change."""
        return _without_plans(self, super().filter_queryset(queryset))  # type: ignore[misc]


class PlanBulkActionMixin(_View):
    """Keep a partner user from hiding a plan, whatever ids are posted."""

    def get_selectable_queryset(self) -> Rows:
        """Restrict Oscar's selection to what the user may change."""
        return _without_plans(self, super().get_selectable_queryset())  # type: ignore[misc]


class PlanProductUpdateMixin(_View):
    """Let only staff write the title, description and price of a plan."""

    def dispatch(
        self, request: HttpRequest, *args: object, **kwargs: int | str
    ) -> HttpResponseBase:
        """Send partner users back to the list, with the reason, if the product is a plan's."""
        plan = plan_sold_as(kwargs.get("pk"))
        if plan is not None and not request.user.is_staff:
            messages.error(
                request,
                _("“%(plan)s” is a subscription of the shop: only its staff can change it.")
                % {"plan": plan.title},
            )
            return redirect(LIST)
        return super().dispatch(request, *args, **kwargs)


class PlanProductDeleteMixin(_View):
    """Say why the product of a plan stays; Oscar's view would end in a database error."""

    def dispatch(
        self, request: HttpRequest, *args: object, **kwargs: int | str
    ) -> HttpResponseBase:
        """Send everybody back to the list, with the reason, if the product is a plan's."""
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
        return super().dispatch(request, *args, **kwargs)


class PlanStockRecordFormSetMixin(_FormSet):
    """Refuse foreign stock records on a plan, and the deletion of the shop's own."""

    def clean(self) -> None:
        """Validate Oscar's formset, then the partners of its stock records.

        Raises:
            ValidationError: with the reason in the operator's language.
        """
        super().clean()
        product: Product = self.instance
        if eligibility.plan_for_product(product) is None or any(self.errors):
            return
        deleted = self.deleted_forms
        remaining = [form for form in self.forms if form not in deleted]
        partners: list[Partner | None] = [form.cleaned_data.get("partner") for form in remaining]
        kept = [partner for partner in partners if partner]
        if strangers := [partner for partner in kept if vendors.has_sellers(partner)]:
            raise forms.ValidationError(
                _(
                    "A subscription is sold by the shop itself. %(names)s can't offer it: "
                    "somebody who is not staff could change the price."
                )
                % {"names": ", ".join(partner.display_name for partner in strangers)}
            )
        own = vendors.own_record(product)
        if own is not None and not kept:
            raise forms.ValidationError(
                _("A subscription needs a price. It can be taken off sale under “Subscriptions”.")
            )


def plan_sold_as(product_id: int | str | None) -> Plan | None:
    """Return the plan that the product or one of its variants sells, or ``None``."""
    plans = registered.Plan.objects.select_related("product")
    sold = Q(product=product_id) | Q(product__parent=product_id)
    return plans.filter(sold).first() if product_id is not None else None


def _without_plans(view: View, products: Rows) -> Rows:
    if view.request.user.is_staff:
        return products
    return products.filter(subscription_plan__isnull=True)

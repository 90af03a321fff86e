"""Mixins that protect plans in Oscar's catalogue dashboard, and the shop from what partner users
write there; for a shop's own fork of it.

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

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from oscar_subscriptions.dashboard.catalogue import held_back, partner_users, sold_plans
from oscar_subscriptions.dashboard.catalogue.product_form import PlanProductUpdateMixin
from oscar_subscriptions.plans import eligibility, vendors

if TYPE_CHECKING:
    from django.views import View

    from oscar_subscriptions.protocols import (
        ParkedListing,
        Product,
        Rows,
        Seller,
        StaffRequest,
        User,
    )
    from oscar_subscriptions.protocols.dashboard import BulkActionView, ProductListView

    _View = View
    _ProductListView = ProductListView
    _BulkActionView = BulkActionView
    _FormSet = forms.BaseInlineFormSet
else:
    _View = _ProductListView = _BulkActionView = _FormSet = object

__all__ = [
    "PlanBulkActionMixin",
    "PlanProductDeleteMixin",
    "PlanProductListMixin",
    "PlanProductUpdateMixin",
    "PlanStockRecordFormSetMixin",
]


class PlanProductListMixin(_ProductListView):
    """Keep plans out of a partner user's list, and so out of its bulk actions."""

    def filter_queryset(self, queryset: Rows) -> Rows:
        """Restrict Oscar's list to what the user may change."""
        return partner_users.without_plans(self, super().filter_queryset(queryset))


class PlanBulkActionMixin(_BulkActionView):
    """Keep a partner user from hiding a plan, whatever ids are posted, from showing more services
    than the limit allows, and from prices that our own forms refuse."""

    def get_selectable_queryset(self) -> Rows:
        """Restrict Oscar's selection to what the user may change."""
        return partner_users.without_plans(self, super().get_selectable_queryset())

    def execute_action(self, request: StaffRequest, form: forms.Form) -> object:
        """Carry out Oscar's action, or say why nothing was changed."""
        with transaction.atomic():
            problem = self._problem(request.user, form)
            if not problem:
                unwanted = self._parked_that_are_hidden(request.user, form)
                response = super().execute_action(request, form)
                for parking in unwanted:
                    held_back.take_down(parking, parking.product, request.user)
                return response
        messages.error(request, problem)
        return None

    def _problem(self, user: User, form: forms.Form) -> str:
        products: Rows = self.get_objects(form)
        if user.is_staff:
            held_back.lock_sellers_of([product.pk for product in products])
            return self._problem_for_all(products)
        sellers = partner_users.lock_sellers(user)
        return self._problem_for_all(products) or self._problem_of_partner(user, sellers, form)

    def _problem_for_all(self, products: Rows) -> str:
        if self._action != "make_products_public":
            return ""
        return held_back.problem_with_publishing(products)

    def _parked_that_are_hidden(self, user: User, form: forms.Form) -> list[ParkedListing]:
        """Return what is parked of what staff want hidden: it would come back by itself."""
        if not user.is_staff or self._action != "make_products_non_public":
            return []
        return held_back.parkings_among(self.get_objects(form))

    def _problem_of_partner(self, user: User, sellers: list[Seller], form: forms.Form) -> str:
        products: Rows = self.get_objects(form)
        if "partners" in form.cleaned_data:
            return partner_users.problem_with_new_prices(user, products, form.cleaned_data)
        if self._action == "make_products_public":
            return partner_users.problem_with_publishing(sellers, products)
        return ""


class PlanProductDeleteMixin(_View):
    """Say why the product of a plan stays; Oscar's view would end in a database error."""

    def dispatch(
        self, request: HttpRequest, *args: object, **kwargs: int | str
    ) -> HttpResponseBase:
        """Send everybody back to the list, with the reason, if the product is a plan's."""
        plan = sold_plans.plan_sold_as(kwargs["pk"])
        if plan is not None:
            messages.error(
                request,
                _(
                    "“%(plan)s” is a subscription: members may have bought it, so it is never "
                    "deleted. It can be taken off sale under “Subscriptions”."
                )
                % {"plan": plan.title},
            )
            return redirect(sold_plans.LIST)
        return super().dispatch(request, *args, **kwargs)


class PlanStockRecordFormSetMixin(_FormSet):
    """Refuse foreign stock records on a plan, and the deletion of the shop's own; and of partner
    users, prices that our own forms refuse, and a product without a stock record of theirs."""

    user: User

    def add_fields(self, form: forms.ModelForm[Any], index: int | None) -> None:
        super().add_fields(form, index)
        if not self.user.is_staff:
            partner_users.guard_price(form)

    def clean(self) -> None:
        """Validate Oscar's formset, then the partners of its stock records.

        Raises:
            ValidationError: with the reason in the user's language.
        """
        super().clean()
        if any(self.errors):
            return
        product: Product = self.instance
        kept = partner_users.kept_partners(self)
        if not self.user.is_staff and not self.user.partners.filter(  # type: ignore[attr-defined]
            pk__in=[partner.pk for partner in kept]
        ):
            raise forms.ValidationError(
                _("A product needs a price of yours: otherwise it would belong to nobody.")
            )
        if eligibility.plan_for_product(product) is None:
            return
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

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
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from oscar_subscriptions.dashboard.catalogue import partner_users
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility, vendors
from oscar_subscriptions.sellers import parking, search_index, withdrawn

if TYPE_CHECKING:
    from django.views import View

    from oscar_subscriptions.protocols import Plan, Product, Rows, StaffRequest, User

    _View = View
    _FormSet = forms.BaseInlineFormSet
else:
    _View = _FormSet = object

LIST = "dashboard:catalogue-product-list"


class PlanProductListMixin(_View):
    """Keep plans out of a partner user's list, and so out of its bulk actions."""

    def filter_queryset(self, queryset: Rows) -> Rows:
        """Restrict Oscar's list to what the user may change."""
        return partner_users.without_plans(self, super().filter_queryset(queryset))  # type: ignore[misc]


class PlanBulkActionMixin(_View):
    """Keep a partner user from hiding a plan, whatever ids are posted, from showing more services
    than the limit allows, and from prices that our own forms refuse."""

    def get_selectable_queryset(self) -> Rows:
        """Restrict Oscar's selection to what the user may change."""
        return partner_users.without_plans(self, super().get_selectable_queryset())  # type: ignore[misc]

    def execute_action(self, request: StaffRequest, form: forms.Form) -> object:
        """Carry out Oscar's action, or say why nothing was changed."""
        with transaction.atomic():
            problem = "" if request.user.is_staff else self._problem(request.user, form)
            if not problem:
                return super().execute_action(request, form)  # type: ignore[misc]
        messages.error(request, problem)
        return None

    def _problem(self, user: User, form: forms.Form) -> str:
        sellers = partner_users.lock_sellers(user)
        products: Rows = self.get_objects(form)  # type: ignore[attr-defined]
        if "partners" in form.cleaned_data:
            return partner_users.problem_with_new_prices(user, products, form.cleaned_data)
        if self._action == "make_products_public":  # type: ignore[attr-defined]
            return partner_users.problem_with_publishing(sellers, products)
        return ""


# The pictures of partner users are decoded before the transaction; all else is in one of our own.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class PlanProductUpdateMixin(_View):
    """Let only staff write a plan, and let others write what the member space would take."""

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
        self.problem_with_upload: ValidationError | None = None
        if not request.user.is_staff:
            try:
                partner_users.rewrite_uploads(request.FILES)
            except ValidationError as problem:
                self.problem_with_upload = problem
        with transaction.atomic():
            if request.method == "POST" and not request.user.is_staff:
                assert request.user.is_authenticated  # Oscar asks for a permission
                self.sellers = partner_users.lock_sellers(request.user)
            return super().dispatch(request, *args, **kwargs)

    def get_form(self, *args: Any, **kwargs: Any) -> forms.Form:
        """Return Oscar's form, which sanitises what somebody who is not staff writes."""
        form: forms.Form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        if not self.request.user.is_staff:
            partner_users.guard_html(form, self.product_class.attributes.all())  # type: ignore[attr-defined]
        return form

    def clean(self, form: forms.Form, formsets: dict[str, Any]) -> bool:
        """Refuse uploads that are no pictures, and more services than the limit allows."""
        is_valid: bool = super().clean(form, formsets)  # type: ignore[misc]
        if self.request.user.is_staff:
            return is_valid
        if self.problem_with_upload is not None:
            form.add_error(None, self.problem_with_upload)
        if problem := self._problem_with_limit(form, formsets):
            form.add_error(None, problem)
        return is_valid and form.is_valid()

    def _problem_with_limit(self, form: forms.Form, formsets: dict[str, Any]) -> str:
        records = formsets["stockrecord_formset"]
        if not form.is_valid() or not records.is_valid():
            return ""
        sellers = partner_users.sellers_among(self.sellers, partner_users.kept_partners(records))
        if self.creating and partner_users.keep_too_many(sellers):  # type: ignore[attr-defined]
            return withdrawn.message()
        if not form.cleaned_data.get("is_public"):
            return ""
        return partner_users.problem_with_publishing(sellers, [form.instance])  # type: ignore[attr-defined]

    def forms_valid(self, form: forms.Form, formsets: dict[str, Any]) -> HttpResponseBase:
        """Save; a service that a seller shows or hides here is no longer parked."""
        response: HttpResponseBase = super().forms_valid(form, formsets)  # type: ignore[misc]
        if not self.request.user.is_staff:
            parking.unpark(self.object)  # type: ignore[attr-defined]
            search_index.refresh([self.object])  # type: ignore[attr-defined]
        return response


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


def plan_sold_as(product_id: int | str | None) -> Plan | None:
    """Return the plan that the product or one of its variants sells, or ``None``."""
    plans = registered.Plan.objects.select_related("product")
    sold = Q(product=product_id) | Q(product__parent=product_id)
    return plans.filter(sold).first() if product_id is not None else None

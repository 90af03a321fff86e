"""The mixin of Oscar's form of a product: plans, services, and what partner users write there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from oscar_subscriptions.dashboard.catalogue import held_back, partner_users, sold_plans
from oscar_subscriptions.sellers import parking, search_index, take_downs, withdrawn

if TYPE_CHECKING:
    from oscar_subscriptions.protocols.dashboard import Formsets, ProductForm, ProductUpdateView

    _ProductUpdateView = ProductUpdateView
else:
    _ProductUpdateView = object


# The pictures of partner users are decoded before the transaction; all else is in one of our own.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class PlanProductUpdateMixin(_ProductUpdateView):
    """Let only staff write a plan, and let others write what the member space would take."""

    def dispatch(
        self, request: HttpRequest, *args: object, **kwargs: int | str
    ) -> HttpResponseBase:
        """Send partner users back to the list, with the reason, if the product is a plan's."""
        plan = sold_plans.plan_sold_as(kwargs.get("pk"))
        if plan is not None and not request.user.is_staff:
            messages.error(
                request,
                _("“%(plan)s” is a subscription of the shop: only its staff can change it.")
                % {"plan": plan.title},
            )
            return redirect(sold_plans.LIST)
        self.problem_with_upload: ValidationError | None = None
        if not request.user.is_staff:
            try:
                partner_users.rewrite_uploads(request.FILES)
            except ValidationError as problem:
                self.problem_with_upload = problem
        with transaction.atomic():
            if request.method == "POST":
                self._lock(kwargs.get("pk"))
            return super().dispatch(request, *args, **kwargs)

    def _lock(self, product_id: int | str | None) -> None:
        # Before Oscar reads the product, all of whose fields it writes back.
        if not self.request.user.is_staff:
            self.sellers = partner_users.lock_sellers(self.request.user)
        elif product_id is not None:
            held_back.lock_sellers_of([int(product_id)])

    def get_form(self, form_class: type[forms.BaseForm] | None = None) -> ProductForm:
        """Return Oscar's form, which sanitises what somebody who is not staff writes."""
        form = super().get_form(form_class)
        if not self.request.user.is_staff:
            partner_users.guard_html(form, self.product_class.attributes.all())
        elif held_back.parking_of(self.object) is not None:
            form.initial["is_public"] = True
        return form

    def clean(self, form: ProductForm, formsets: Formsets) -> bool:
        """Refuse uploads that are no pictures, and more services than the limit allows."""
        is_valid = super().clean(form, formsets)
        parked = held_back.parking_of(self.object)
        if form.is_valid() and form.cleaned_data.get("is_public") and parked is None:
            problem = held_back.problem_with_publishing([form.instance])
            if problem:
                form.add_error("is_public", problem)
        if self.request.user.is_staff:
            return is_valid and form.is_valid()
        if self.problem_with_upload is not None:
            form.add_error(None, self.problem_with_upload)
        if problem := self._problem_with_limit(form, formsets):
            form.add_error(None, problem)
        return is_valid and form.is_valid()

    def _problem_with_limit(self, form: ProductForm, formsets: Formsets) -> str:
        records = formsets["stockrecord_formset"]
        if not form.is_valid() or not records.is_valid():
            return ""
        sellers = partner_users.sellers_among(self.sellers, partner_users.kept_partners(records))
        if self.creating and partner_users.keep_too_many(sellers):
            return withdrawn.message()
        if not form.cleaned_data.get("is_public"):
            return ""
        return partner_users.problem_with_publishing(sellers, [form.instance])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add what keeps the service out of the shop, and the seller whose it is."""
        context = super().get_context_data(**kwargs)
        take_down = held_back.take_down_of(self.object)
        added = {"parking": held_back.parking_of(self.object), "take_down": take_down}
        if not self.request.user.is_staff:
            return context | added
        # Also of a service that somebody else sells now: it can be lifted nowhere else.
        seller = take_down.seller if take_down is not None else held_back.seller_of(self.object)
        subscription = take_downs.subscription_of(seller) if seller is not None else None
        if subscription is None:  # the member's account is gone, and its actions with it
            return context | added
        return context | added | {"service_seller": seller, "service_subscription": subscription}

    def forms_valid(self, form: ProductForm, formsets: Formsets) -> HttpResponseBase:
        """Save; a service that a seller shows or hides here is no longer parked."""
        parked = held_back.parking_of(self.object) if self.request.user.is_staff else None
        is_unwanted = parked is not None and held_back.keep_out(form, form.instance)
        response = super().forms_valid(form, formsets)
        product = form.instance
        if parked is not None and is_unwanted:
            held_back.take_down(parked, product, self.request.user)
        if not self.request.user.is_staff:
            parking.unpark(product)
            search_index.refresh([product])
        return response

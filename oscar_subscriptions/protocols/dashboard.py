"""Views and forms of Oscar's dashboard, with what our mixins use of them."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.http import HttpResponseBase
from django.views import View

from oscar_subscriptions.protocols.oscar import Product, ProductQuerySet
from oscar_subscriptions.protocols.requests import StaffRequest
from oscar_subscriptions.protocols.rows import Rows

Anything = object
# By the names of the view's own.
Formsets = Mapping[str, "forms.BaseFormSet[forms.BaseForm]"]


class ProductForm(forms.Form):
    """Oscar's ``ProductForm``."""

    instance: Product


class ProductClass:
    """Oscar's ``ProductClass``."""

    attributes: Rows


class ProductUpdateView(View):
    """Oscar's ``ProductCreateUpdateView``."""

    request: StaffRequest
    # ``None`` while a product is created.
    object: Product | None
    creating: bool
    product_class: ProductClass

    def get_form(self, form_class: type[forms.BaseForm] | None = None) -> ProductForm:
        raise NotImplementedError

    def clean(self, form: ProductForm, formsets: Formsets) -> bool:
        raise NotImplementedError

    def forms_valid(self, form: ProductForm, formsets: Formsets) -> HttpResponseBase:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Anything) -> dict[str, Anything]:
        raise NotImplementedError


class ProductListView(View):
    """Oscar's ``ProductListView``."""

    request: StaffRequest

    def filter_queryset(self, queryset: Rows) -> Rows:
        raise NotImplementedError


class BulkActionView(View):
    """Oscar's ``ProductBulkActionConfirmView``."""

    request: StaffRequest
    _action: str

    def get_selectable_queryset(self) -> Rows:
        raise NotImplementedError

    def get_objects(self, form: forms.Form) -> ProductQuerySet:
        raise NotImplementedError

    def execute_action(self, request: StaffRequest, form: forms.Form) -> object:
        raise NotImplementedError

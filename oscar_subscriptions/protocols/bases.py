"""Oscar's classes that our mixins go in front of, with what the mixins use of them.

For the checker alone, which lets a method be empty only under ``TYPE_CHECKING``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, ClassVar

    from django import forms
    from django.http import HttpRequest, HttpResponse
    from django.views import generic

    from oscar_subscriptions.protocols.addresses import PersonAddress
    from oscar_subscriptions.protocols.oscar import (
        Basket,
        BasketLine,
        Order,
        Product,
    )
    from oscar_subscriptions.protocols.requests import Request, Submission
    from oscar_subscriptions.protocols.rows import Rows

    class AbstractBasket:
        owner: Any
        owner_id: int | None
        lines: Rows
        saved: ClassVar[Rows]
        _lines: Rows | None

        def all_lines(self) -> Rows: ...
        def add_product(
            self, product: Product, quantity: int = 1, options: Iterable[object] | None = None
        ) -> tuple[BasketLine, bool]: ...
        def merge(self, basket: Basket, add_quantities: bool = True) -> None: ...
        def merge_line(self, line: BasketLine, add_quantities: bool = True) -> None: ...

    class AddToBasketForm(forms.Form):
        basket: Basket
        product: Product

    class BasketLineForm(forms.Form):
        instance: BasketLine

        def clean_quantity(self) -> int: ...

    class SavedLineForm(forms.Form):
        basket: Basket
        instance: BasketLine

    class BasketAddView(generic.FormView[forms.Form]):
        product_model: Any
        request: Request

    class CheckoutView(generic.TemplateView):
        preview: bool
        request: Request
        checkout_session: Any

        def get_pre_conditions(self, request: HttpRequest) -> list[str]: ...
        def get_success_url(self) -> str: ...
        def check_shipping_data_is_captured(self, request: Request) -> None: ...
        def build_submission(self, **kwargs: object) -> Submission: ...
        def render_preview(self, request: HttpRequest, **kwargs: object) -> HttpResponse: ...
        def handle_place_order_submission(self, request: HttpRequest) -> HttpResponse: ...
        def generate_order_number(self, basket: Basket) -> str: ...
        def place_order(self, **kwargs: object) -> Order: ...

    class ThankYouView(generic.TemplateView):
        def get_object(self, queryset: object = None) -> Order | None: ...

    class BillingAddressForm(forms.Form):
        instance: PersonAddress

        def save(self, commit: bool = True) -> PersonAddress: ...

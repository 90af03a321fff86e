"""Look-up of payments in Django's admin, for support. Nothing is added, changed or deleted here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from oscar.core.loading import get_model

from oscar_subscriptions.admin import RecordAdmin
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments import overview

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

    from oscar_subscriptions.protocols import Rows


class PaymentAdmin(RecordAdmin):
    """Rows of orders, found by an order's number or by any id at the provider.

    Attributes:
        to_order: the lookup of the order.
    """

    # Without fields, Django shows no box to search in; see ``get_search_results``.
    search_fields = ("pk",)
    show_full_result_count = False
    to_order = "order"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Model], search_term: str
    ) -> tuple[QuerySet[Model], bool]:
        """Look whole numbers up in their indexes, however many payments there are."""
        word = search_term.strip()
        if not word:
            return queryset, False
        orders: Rows = get_model("order", "Order").objects.filter(number=word.removeprefix("#"))
        keys = {*orders.values_list("pk", flat=True), *overview.orders_of(word)}
        return queryset.filter(**{f"{self.to_order}__in": keys}), False


@admin.register(registered_payments.Attempt)
class AttemptAdmin(PaymentAdmin):
    list_display = (
        "order",
        "kind",
        "status",
        "amount",
        "received",
        "currency",
        "payment_intent_id",
        "created_at",
    )
    list_select_related = ("order",)


@admin.register(registered_payments.Reversal)
class ReversalAdmin(PaymentAdmin):
    list_display = ("attempt", "kind", "status", "amount", "currency", "provider_id", "created_at")
    list_select_related = ("attempt__order",)
    to_order = "attempt__order"


@admin.register(registered_payments.StoredPaymentMethod)
class StoredPaymentMethodAdmin(RecordAdmin):
    list_display = ("user", "customer_id", "payment_method_id", "livemode", "updated_at")
    list_select_related = ("user",)

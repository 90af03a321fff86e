"""Look-up in Django's admin, for support. Records can't be added, changed or deleted here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from oscar_subscriptions.loading import registered

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest


@admin.register(registered.Plan)
class PlanAdmin(admin.ModelAdmin):
    list_display = (
        "product",
        "months",
        "listing_limit",
        "grace_days",
        "is_on_sale",
        "is_renewable",
    )
    list_filter = ("is_on_sale", "is_renewable")
    raw_id_fields = ("product",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False  # plans are retired, never deleted


class RecordAdmin(admin.ModelAdmin):
    """Rows that are evidence: read-only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(registered.TermsOfSale)
class TermsOfSaleAdmin(RecordAdmin):
    list_display = ("version", "language", "published_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)


@admin.register(registered.Subscription)
class SubscriptionAdmin(RecordAdmin):
    list_display = ("member_name", "member_email", "plan", "created_at")
    search_fields = ("member_name", "member_email")
    list_select_related = ("plan__product",)


@admin.register(registered.Term)
class TermAdmin(RecordAdmin):
    list_display = ("subscription", "starts_on", "ends_on", "revoked_at", "suspended_at")
    list_select_related = ("subscription__plan__product",)


@admin.register(registered.JournalEntry)
class JournalEntryAdmin(RecordAdmin):
    list_display = ("at", "kind", "subscription", "reason", "actor_name")
    list_select_related = ("subscription__plan__product",)


@admin.register(registered.Consent)
class ConsentAdmin(RecordAdmin):
    list_display = ("order", "terms_of_sale", "accepted_at", "starts_on", "ends_on")
    list_select_related = ("order", "terms_of_sale")


@admin.register(registered.AutoRenewal)
class AutoRenewalAdmin(RecordAdmin):
    list_display = ("subscription", "accepted_at", "ended_at", "end_reason")
    list_select_related = ("subscription__plan__product",)


@admin.register(registered.PlannedRenewal)
class PlannedRenewalAdmin(RecordAdmin):
    list_display = ("auto_renewal", "charge_on", "price", "status", "tries", "problem")
    list_select_related = ("auto_renewal",)


@admin.register(registered.Seller)
class SellerAdmin(RecordAdmin):
    list_display = ("user", "partner", "created_at")
    list_select_related = ("user", "partner")


@admin.register(registered.OutboxMail)
class NotificationAdmin(RecordAdmin):
    list_display = ("kind", "email", "created_at", "sent_at", "dropped_at", "tries", "last_error")


@admin.register(registered.Alert)
class AlertAdmin(RecordAdmin):
    list_display = ("kind", "key", "order", "raised_at", "resolved_at", "resolved_by_name")
    list_select_related = ("order",)


@admin.register(registered.TakeDown)
class TakeDownAdmin(RecordAdmin):
    list_display = (
        "seller",
        "product",
        "reason",
        "taken_down_at",
        "taken_down_by_name",
        "lifted_at",
    )
    list_select_related = ("seller__partner", "product")


@admin.register(registered.Receipt)
class ReceiptAdmin(RecordAdmin):
    list_display = ("number", "order", "issued_on")
    search_fields = ("number", "order__number")
    list_select_related = ("order",)

"""Look-up in Django's admin, for support. Records can't be added, changed or deleted here."""

from typing import Any

from django.contrib import admin
from oscar.core.loading import get_model


@admin.register(get_model("oscar_subscriptions", "Plan"))
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

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False  # a plan that was sold once is retired, not deleted


class RecordAdmin(admin.ModelAdmin):
    """Shows rows that are evidence."""

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(get_model("oscar_subscriptions", "TermsOfSale"))
class TermsOfSaleAdmin(RecordAdmin):
    list_display = ("version", "language", "published_at")

    def has_add_permission(self, request: Any) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)


@admin.register(get_model("oscar_subscriptions", "Subscription"))
class SubscriptionAdmin(RecordAdmin):
    list_display = ("member_name", "member_email", "plan", "created_at")
    search_fields = ("member_name", "member_email")
    list_select_related = ("plan__product",)


@admin.register(get_model("oscar_subscriptions", "Term"))
class TermAdmin(RecordAdmin):
    list_display = ("subscription", "starts_on", "ends_on", "revoked_at", "suspended_at")
    list_select_related = ("subscription__plan__product",)


@admin.register(get_model("oscar_subscriptions", "JournalEntry"))
class JournalEntryAdmin(RecordAdmin):
    list_display = ("at", "kind", "subscription", "reason", "actor_name")
    list_select_related = ("subscription__plan__product",)


@admin.register(get_model("oscar_subscriptions", "Consent"))
class ConsentAdmin(RecordAdmin):
    list_display = ("order", "terms_of_sale", "accepted_at", "starts_on", "ends_on")
    list_select_related = ("order", "terms_of_sale")


@admin.register(get_model("oscar_subscriptions", "AutoRenewal"))
class AutoRenewalAdmin(RecordAdmin):
    list_display = ("subscription", "accepted_at", "ended_at", "end_reason")
    list_select_related = ("subscription__plan__product",)


@admin.register(get_model("oscar_subscriptions", "PlannedRenewal"))
class PlannedRenewalAdmin(RecordAdmin):
    list_display = ("auto_renewal", "charge_on", "price", "status", "begun", "refused", "problem")
    list_select_related = ("auto_renewal",)


@admin.register(get_model("oscar_subscriptions", "Seller"))
class SellerAdmin(RecordAdmin):
    list_display = ("user", "partner", "created_at")
    list_select_related = ("user", "partner")


@admin.register(get_model("oscar_subscriptions", "OutboxMail"))
class NotificationAdmin(RecordAdmin):
    list_display = ("kind", "email", "created_at", "sent_at", "tries", "last_error")


@admin.register(get_model("oscar_subscriptions", "Alert"))
class AlertAdmin(RecordAdmin):
    list_display = ("kind", "key", "order", "raised_at", "resolved_at", "resolved_by_name")
    list_select_related = ("order",)


@admin.register(get_model("oscar_subscriptions", "Receipt"))
class ReceiptAdmin(RecordAdmin):
    list_display = ("number", "order", "issued_on")
    search_fields = ("number", "order__number")
    list_select_related = ("order",)

"""Partners that must stay, without base classes: for a shop's own fork of Oscar's dashboard.

``VendorDeleteMixin`` goes in front of ``PartnerDeleteView``.
"""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions.loading import registered


class VendorDeleteMixin:
    """Says why a seller's partner, or the vendor of plans, is not deleted."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the operator back, with the reason."""
        partner = get_object_or_404(get_model("partner", "Partner"), pk=kwargs["pk"])
        if reason := problem_with_deletion(partner):
            messages.error(request, reason)
            return redirect("dashboard:partner-list")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


def problem_with_deletion(partner: Any) -> str:
    """Say why ``partner`` can't be deleted, or return an empty string."""
    name = {"partner": partner.display_name}
    if registered.Seller.objects.filter(partner=partner).exists():
        # The database would refuse: the pairing is kept for ever.
        return _("“%(partner)s” belongs to a member who is or was a seller; it is kept.") % name
    records = get_model("partner", "StockRecord").objects.filter(partner=partner)
    lines = get_model("order", "Line").objects.filter(partner=partner)
    # The price of a plan would go with its stock record, and an order that is not paid yet would
    # no longer say who sold it.
    if (
        records.filter(product__subscription_plan__isnull=False).exists()
        or lines.filter(
            Q(product__subscription_plan__isnull=False)
            | Q(order__subscription_consent__isnull=False)
            | Q(subscription_term__isnull=False)
        ).exists()
    ):
        return _("“%(partner)s” sells subscriptions, or has sold some; it is kept.") % name
    return ""

"""A mixin that keeps partners from being deleted, for a shop's own fork of Oscar's dashboard.

``VendorDeleteMixin`` goes in front of ``PartnerDeleteView``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions.loading import registered

if TYPE_CHECKING:
    from django.views import View

    from oscar_subscriptions.protocols import Partner, Rows

    _View = View
else:
    _View = object


class VendorDeleteMixin(_View):
    """Say why a seller's partner, or the vendor of plans, is not deleted."""

    def dispatch(
        self, request: HttpRequest, *args: object, **kwargs: int | str
    ) -> HttpResponseBase:
        """Send the operator back to the list, with the reason, if the partner must stay."""
        partner: Partner = get_object_or_404(get_model("partner", "Partner"), pk=kwargs["pk"])
        if reason := problem_with_deletion(partner):
            messages.error(request, reason)
            return redirect("dashboard:partner-list")
        return super().dispatch(request, *args, **kwargs)


def problem_with_deletion(partner: Partner) -> str:
    """Return why ``partner`` can't be deleted, in the active language; empty if it can."""
    name = {"partner": partner.display_name}
    if registered.Seller.objects.filter(partner=partner).exists():
        # The database would refuse: sellers are kept for ever.
        return _("“%(partner)s” belongs to a member who is or was a seller; it is kept.") % name
    records: Rows = get_model("partner", "StockRecord").objects.filter(partner=partner)
    lines: Rows = get_model("order", "Line").objects.filter(partner=partner)
    # The price of a plan would be deleted with its stock record, and an unpaid order would lose
    # its vendor.
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

"""Automatic renewal on the page of a subscription: its state, and switching it off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import generic

from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.loading import get_class, registered
from oscar_subscriptions.renewals import cancellation

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import (
        AutoRenewal,
        PlannedRenewal,
        StaffRequest,
        Subscription,
    )


@dataclass(frozen=True)
class RenewalState:
    """Automatic renewal as operators see it.

    Attributes:
        consent: the newest, or ``None`` if the member never chose automatic renewal.
        is_in_force: whether ``consent`` counts.
        planned: the newest, or ``None``.
    """

    consent: AutoRenewal | None
    is_in_force: bool
    planned: PlannedRenewal | None


def state(subscription: Subscription) -> RenewalState:
    """Return the state of automatic renewal of ``subscription``."""
    consent = subscription.auto_renewals.select_related("terms_of_sale").order_by("-pk").first()
    planned = registered.PlannedRenewal.objects.filter(auto_renewal__subscription=subscription)
    return RenewalState(
        consent,
        consent is not None and auto_renewal.current(subscription) == consent,
        planned.select_related("order").order_by("-pk").first(),
    )


class StopRenewalForm(forms.Form):
    """Why an operator switches automatic renewal off."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it switched off?"),
        max_length=255,
        help_text=gettext_lazy("Kept in the journal with your name."),
        error_messages={
            "required": gettext_lazy("Please say why: the member, or somebody else, may ask later.")
        },
    )


# Switching off may cancel a charge at the provider, which no transaction may surround; see
# ``cancellation.stop``.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class StopRenewalView(generic.View):
    """Switch off the automatic renewal of one subscription, with a reason."""

    http_method_names = ["post", "options"]

    def post(self, request: StaffRequest, pk: int) -> HttpResponse:
        """Switch it off; without a reason, change nothing and say so."""
        subscription = get_object_or_404(registered.Subscription.objects, pk=pk)
        form: StopRenewalForm = get_class("dashboard.subscriptions.renewals", "StopRenewalForm")(
            request.POST
        )
        if not form.is_valid():
            messages.error(request, " ".join(map(str, form.errors["reason"])))
        else:
            self.stop(request, subscription, form.cleaned_data["reason"])
        return redirect("subscriptions-dashboard:subscription-detail", pk=pk)

    def stop(self, request: StaffRequest, subscription: Subscription, reason: str) -> None:
        """Switch it off, and tell the operator what came of it."""
        stopped = cancellation.stop(subscription, actor=request.user, reason=reason)
        if stopped.was_paid:
            messages.warning(
                request,
                _("Automatic renewal is off. A renewal had been charged before; it stands."),
            )
        elif not stopped.is_certain:
            messages.warning(
                request,
                _(
                    "Automatic renewal is off. A payment was just under way, and the provider has "
                    "not told yet whether it was charged; if it was, you get an alert."
                ),
            )
        elif stopped.was_on:
            messages.success(
                request, _("Automatic renewal is off. Nothing will be charged automatically.")
            )

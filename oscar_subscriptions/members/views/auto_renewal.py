"""Switch automatic renewal on, and off with one click.

Neither view runs in a transaction of its own (``ATOMIC_REQUESTS``): switching off may have to
cancel a charge at the provider, and what was written by then must not be rolled back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views import generic

from oscar_subscriptions import conf, journal
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.members import renewal_offer
from oscar_subscriptions.members.views.renewal import OwnButtonMixin
from oscar_subscriptions.renewals import cancellation

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Subscription, Term


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class RenewalView(OwnButtonMixin, generic.View):
    """Acts on the member's own subscription; 404 for anybody else's."""

    http_method_names = ["post", "options"]


class RenewalOnView(RenewalView):
    """Keeps the member's consent to the words that the page showed."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Switch it on, unless the words or the terms have changed since the page was shown."""
        subscription = self.get_subscription()
        offer = renewal_offer.offer_for(subscription, auto_renewal.current(subscription))
        if offer is None or not offer.can_be_chosen:
            messages.error(request, _("Automatic renewal can't be chosen at the moment."))
        elif self.is_too_often(subscription, journal.RENEWAL_ON):
            return self.refuse_turn()
        elif not offer.is_what_was_shown(request.POST):
            messages.warning(
                request,
                _("The conditions or the terms have changed meanwhile. Please look again."),
            )
        else:
            # They come with the words.
            assert offer.terms_of_sale is not None and offer.total is not None
            auto_renewal.switch_on(
                subscription,
                text=offer.text,
                terms_of_sale=offer.terms_of_sale,
                total=offer.total,
            )
            too_late = renewal_offer.too_late(subscription)
            switched_on = _("Automatic renewal is on.")
            messages.success(request, f"{switched_on} {too_late}".rstrip())
        return redirect("subscriptions:my-subscription")


class RenewalOffView(RenewalView):
    """Takes the consent back."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Switch it off at once; say until which day the subscription runs."""
        subscription = self.get_subscription()
        stopped = cancellation.stop(subscription, actor=self.member)
        if stopped.was_paid:
            messages.warning(
                request,
                _(
                    "Automatic renewal is off. A renewal had been charged before you switched it "
                    "off; it stands."
                ),
            )
        elif not stopped.is_certain:
            messages.warning(
                request,
                _(
                    "Automatic renewal is off. A payment was just under way, and our payment "
                    "provider has not told us yet whether it was charged. You need not do "
                    "anything: if it was, you get an e-mail, and we get in touch with you."
                ),
            )
        elif stopped.was_on:
            messages.success(request, self.get_success_message(subscription))
        if stopped.is_forgotten:
            messages.success(request, _("Your card is removed."))
        return redirect("subscriptions:my-subscription")

    def get_success_message(self, subscription: Subscription) -> str:
        """Return that nothing more is charged, with the last day if it is still to come."""
        last: Term | None = auto_renewal.last_term(subscription)
        if last is None or last.covered_until < conf.today():
            return _("Automatic renewal is off. Nothing will be charged automatically.")
        return _(
            "Automatic renewal is off. Nothing will be charged automatically; your subscription "
            "runs until %(day)s inclusive."
        ) % {"day": date_format(last.ends_on, "DATE_FORMAT")}

"""Renew, download the last day for a calendar, switch reminders on and off."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import generic
from django.views.decorators.csrf import csrf_exempt

from oscar_subscriptions import journal
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import calendar_file, context
from oscar_subscriptions.members.views.mixins import MemberRequiredMixin, PlanIntoBasketMixin
from oscar_subscriptions.reminders import opt_out

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Subscription


# In a day. A person turns a switch back once or twice; a script for ever.
MAX_TURNS = 10


class OwnSubscriptionMixin(MemberRequiredMixin):
    """For pages about one of the member's own subscriptions; 404 for anybody else's."""

    def get_subscription(self) -> Subscription:
        """Return the subscription of the address.

        Raises:
            Http404: it is somebody else's, or there is none.
        """
        rows = registered.Subscription.objects.for_page()
        return get_object_or_404(rows, pk=self.kwargs["pk"], user=self.member)


class RenewView(OwnSubscriptionMixin, PlanIntoBasketMixin):
    """Asks, and then puts the same plan into the basket and shows it."""

    template_name = "oscar/subscriptions/renew.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the subscription, and ``replaced``: the plans in the basket that would go."""
        subscription = self.get_subscription()
        replaced = self.replaced_by(subscription.plan)
        return super().get_context_data(subscription=subscription, replaced=replaced, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return self.put_into_basket(self.get_subscription().plan)


class LastDayView(OwnSubscriptionMixin, generic.View):
    """The last day as a file for the member's calendar."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        subscription = self.get_subscription()
        day = calendar_file.last_day_ahead(subscription)
        if day is None:
            raise Http404("no last day to come")
        text = calendar_file.render_calendar(
            subscription, day, context.renew_url(subscription), subscription.journal.count()
        )
        return HttpResponse(
            text,
            content_type=f"{calendar_file.CONTENT_TYPE}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{calendar_file.NAME}"'},
        )


class OwnButtonMixin(OwnSubscriptionMixin):
    """For the buttons on the member's page."""

    def handle_no_permission(self) -> HttpResponseRedirect:
        """Redirect to sign in, and from there to the page with the button."""
        return redirect_to_login(reverse("subscriptions:my-subscription"), str(self.login_url))

    def is_too_often(self, subscription: Subscription, kind: str) -> bool:
        """Return whether a switch was turned on so often today that it has to stay off.

        Each turn is a line in the journal, and of automatic renewal a consent that is kept. Off is
        always possible, and needs an "on" before it.

        Args:
            kind: of the journal's entries.
        """
        a_day_ago = timezone.now() - timedelta(days=1)
        return subscription.journal.filter(kind=kind, at__gt=a_day_ago).count() >= MAX_TURNS

    def refuse_turn(self) -> HttpResponse:
        """Redirect to the member's page with the message that it was too often."""
        messages.warning(
            self.request, _("You have switched this on very often today. Please wait a day.")
        )
        return redirect("subscriptions:my-subscription")


class SwitchRemindersView(OwnButtonMixin, generic.View):
    """Stops the reminders of a subscription, or sends them again, from the member's page."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        subscription, on = self.get_subscription(), request.POST.get("reminders") == "on"
        if on and self.is_too_often(subscription, journal.REMINDERS_ON):
            return self.refuse_turn()
        opt_out.switch(subscription, on, actor=self.member)
        messages.success(request, switched_on() if on else switched_off())
        return redirect("subscriptions:my-subscription")


# The token in the address proves the permission. Mail programs send neither a cookie nor a CSRF
# token (RFC 8058).
@method_decorator(csrf_exempt, name="dispatch")
class UnsubscribeView(generic.TemplateView):
    """Stops the reminders of a subscription by the link in a mail, without signing in.

    A GET changes nothing, because mail scanners open every link. A POST does: from the page's
    button, or from the mail program's own.
    """

    template_name = "oscar/subscriptions/unsubscribe.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(subscription=self.get_subscription(), **kwargs)

    def get_subscription(self) -> Subscription:
        """Return the subscription of the token.

        Raises:
            Http404: the token is not ours.
        """
        subscription: Subscription | None = opt_out.subscription_of(self.kwargs["token"])
        if subscription is None:
            raise Http404("not a token of ours")
        return subscription

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        opt_out.switch(self.get_subscription(), False)
        return self.get(request, *args, **kwargs)


def switched_on() -> str:
    """Message: reminders are sent again."""
    return _("We will remind you before your subscription ends.")


def switched_off() -> str:
    """Message: reminders are stopped."""
    return _("We will not remind you of this subscription any more.")

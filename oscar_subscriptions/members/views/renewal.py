"""One click to renew, the last day for one's calendar, and the reminders: wanted or not."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import generic
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from oscar.core.loading import get_class

from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import calendar_file, context
from oscar_subscriptions.reminders import opt_out


class OwnSubscriptionMixin(LoginRequiredMixin):
    """For pages about one of the member's own subscriptions; anybody else's is not found."""

    login_url = reverse_lazy("customer:login")

    def get_subscription(self) -> Any:
        """Return the subscription of the address.

        Raises:
            Http404: it is somebody else's, or there is none.
        """
        rows = registered.Subscription.objects.for_page()
        return get_object_or_404(
            rows,
            pk=self.kwargs["pk"],  # type: ignore[attr-defined]
            user=self.request.user,  # type: ignore[attr-defined]
        )


class RenewView(OwnSubscriptionMixin, generic.View):
    """Puts the same plan into the basket and shows it: nothing is ordered or paid here.

    A click in an e-mail can only be a GET, though it changes the basket. It may be repeated, and
    what else is in the basket stays there.
    """

    http_method_names = ["get", "options"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        product = self.get_subscription().plan.product
        # The shop's own door, with all of its rules and messages, as if its button were clicked.
        request.method, request.POST = "POST", QueryDict("quantity=1")
        add = get_class("basket.views", "BasketAddView").as_view()
        return add(request, pk=product.pk)


class LastDayView(OwnSubscriptionMixin, generic.View):
    """The last day as a file for the member's calendar."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        subscription = self.get_subscription()
        day = calendar_file.last_day_ahead(subscription)
        if day is None:
            raise Http404("no last day to come")
        text = calendar_file.write(subscription, day, context.renew_url(subscription))
        return HttpResponse(
            text,
            content_type=f"{calendar_file.CONTENT_TYPE}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{calendar_file.NAME}"'},
        )


class OwnButtonMixin(OwnSubscriptionMixin):
    """For the buttons on the member's page."""

    def handle_no_permission(self) -> Any:
        """Lead to sign in, and back to the page with the button."""
        return redirect_to_login(reverse("subscriptions:my-subscription"), str(self.login_url))


class SwitchRemindersView(OwnButtonMixin, generic.View):
    """Stops the reminders of a subscription, or sends them again, from the member's page."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        subscription, on = self.get_subscription(), request.POST.get("reminders") == "on"
        opt_out.switch(subscription, on, actor=request.user)
        messages.success(request, switched_on() if on else switched_off())
        return redirect("subscriptions:my-subscription")


# No cookie proves anything here, the address does; and mail programs send neither (RFC 8058).
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class UnsubscribeView(generic.TemplateView):
    """Stops the reminders for whoever has the link of an e-mail, without signing in.

    Looking changes nothing, because mail scanners look at every link. A POST does: of the page's
    button, or of the mail program's own.
    """

    template_name = "oscar/subscriptions/unsubscribe.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(subscription=self.get_subscription(), **kwargs)

    def get_subscription(self) -> Any:
        """Return the subscription of the token.

        Raises:
            Http404: the token is not ours.
        """
        subscription = opt_out.subscription_of(self.kwargs["token"])
        if subscription is None:
            raise Http404("not a token of ours")
        return subscription

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        opt_out.switch(self.get_subscription(), False)
        return self.get(request, *args, **kwargs)


def switched_on() -> str:
    """Message: reminders are sent again."""
    return _("We will remind you before your subscription ends.")


def switched_off() -> str:
    """Message: reminders are stopped."""
    return _("We will not remind you of this subscription any more.")

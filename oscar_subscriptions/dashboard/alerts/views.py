"""The pages of the alerts: what waits for somebody, and the form that says what was done."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views import generic

from oscar_subscriptions import alerts
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import get_class, registered

OPEN, RESOLVED, ALL = "", "resolved", "all"


class AlertSearchForm(forms.Form):
    """What to look for. Every word must be found in the name, the e-mail or an order's number."""

    q = forms.CharField(label=_("Name, e-mail or order number"), required=False, max_length=128)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            (OPEN, pgettext_lazy("alerts", "open")),
            (RESOLVED, pgettext_lazy("alerts", "resolved")),
            (ALL, pgettext_lazy("alerts", "all")),
        ],
    )

    def search(self, rows: Any) -> Any:
        """Return the alerts that were asked for: the open ones, unless something else was."""
        if not self.is_valid():
            return rows.none()
        if self.cleaned_data["status"] != ALL:
            is_open = self.cleaned_data["status"] == OPEN
            rows = rows.filter(resolved_at__isnull=is_open)
        for word in self.cleaned_data["q"].split():
            rows = rows.filter(mentions(word))
        return rows


def mentions(word: str) -> Q:
    """Return the condition that ``word`` is in a member's name or e-mail, or numbers an order."""
    texts = ["subscription__member_name", "subscription__member_email"]
    for user in ("subscription__user", "order__user"):
        texts += [f"{user}__first_name", f"{user}__last_name", f"{user}__email"]
    # Some alerts name the member or the payment nowhere but in the reason.
    condition = Q(reason__icontains=word)
    for name in texts:
        condition |= Q(**{f"{name}__icontains": word})
    # The detail keeps the number of an order that was deleted.
    return condition | Q(order__number=word) | Q(detail__order=word)


class ResolveForm(forms.Form):
    """What was done about an alert. ``times`` tells which occurrence the operator has seen."""

    note = forms.CharField(
        label=_("What was done about it?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kept with the alert and your name."),
        error_messages={"required": _("Please say what was done: somebody may ask later.")},
    )
    times = forms.IntegerField(widget=forms.HiddenInput)


class AlertListView(generic.ListView):
    """Alerts, the newest first; the open ones if nothing else is asked for."""

    template_name = "oscar/dashboard/subscriptions/alert_list.html"
    context_object_name = "alerts"
    paginate_by = 25

    @cached_property
    def form(self) -> Any:
        """The search form, always bound: an empty one asks for all open alerts."""
        return get_class("dashboard.alerts.views", "AlertSearchForm")(self.request.GET)

    def get_queryset(self) -> Any:
        rows = registered.Alert.objects
        return self.form.search(rows.select_related("order", "subscription__plan__product"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            form=self.form,
            is_search=any(self.request.GET.get(name) for name in self.form.fields),
            number_open=registered.Alert.objects.open().count(),
            **kwargs,
        )


class AlertDetailView(generic.FormView):
    """One alert with the payments of its order, and the form that resolves it."""

    template_name = "oscar/dashboard/subscriptions/alert_detail.html"
    success_url = reverse_lazy("subscriptions-dashboard:alert-list")

    @cached_property
    def alert(self) -> Any:
        """The alert of the address."""
        rows = registered.Alert.objects
        related = rows.select_related("order", "subscription__plan__product")
        return get_object_or_404(related, pk=self.kwargs["pk"])

    def get_form_class(self) -> Any:
        return get_class("dashboard.alerts.views", "ResolveForm")

    def get_initial(self) -> dict[str, Any]:
        return {"times": self.alert.times}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = self.alert.order
        payments = get_gateway().payments_of([order]) if order else {}
        return super().get_context_data(
            alert=self.alert,
            mail=alerts.mail_of(self.alert),
            has_managers=bool(settings.MANAGERS),
            payments=payments.get(self.alert.order_id, []),
            **kwargs,
        )

    def form_valid(self, form: Any) -> HttpResponse:
        note = form.cleaned_data["note"]
        self.alert.times = form.cleaned_data["times"]
        if alerts.resolve(self.alert, actor=self.request.user, note=note):
            messages.success(self.request, gettext("The alert is resolved."))
            return super().form_valid(form)
        # Not as the operator saw it: shown as it is now, with what was typed.
        del self.alert
        again = self.get_form_class()(initial={"note": note, "times": self.alert.times})
        return self.render_to_response(self.get_context_data(form=again, unsaved_note=note))

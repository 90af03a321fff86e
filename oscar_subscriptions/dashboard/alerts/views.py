"""The pages of the alerts: a list to search in, and one alert with the form that resolves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from oscar_subscriptions.dashboard import pagination
from oscar_subscriptions.dashboard.alerts import counting
from oscar_subscriptions.dashboard.subscriptions import search
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import get_class, registered

if TYPE_CHECKING:
    from django.core.paginator import Paginator

    from oscar_subscriptions.dashboard.actions.registry import Offer
    from oscar_subscriptions.protocols import Alert, Order, StaffRequest, User
    from oscar_subscriptions.querysets import AlertQuerySet

OPEN, RESOLVED, ALL = "", "resolved", "all"


class AlertSearchForm(forms.Form):
    """Search terms: every word must begin the member's name or e-mail, be an order's number, or be
    in the text of one of the newest alerts."""

    q = forms.CharField(
        label=_("Name, e-mail, order, receipt or payment"), required=False, max_length=128
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            (OPEN, pgettext_lazy("alerts", "open")),
            (RESOLVED, pgettext_lazy("alerts", "resolved")),
            (ALL, pgettext_lazy("alerts", "all")),
        ],
    )

    def search(self, rows: AlertQuerySet) -> AlertQuerySet:
        """Return the rows that match; only open ones by default, none if the form is invalid."""
        if not self.is_valid():
            return rows.none()
        if self.cleaned_data["status"] != ALL:
            is_open = self.cleaned_data["status"] == OPEN
            rows = rows.filter(resolved_at__isnull=is_open)
        words: list[str] = self.cleaned_data["q"].split()
        texts = _newest(rows) if words else Q()
        for word in words:
            rows = rows.filter(is_about(word) | texts & says(word))
        return rows


# Alerts whose texts are searched, which no index can do: the newest.
TEXTS = 2_000


def _newest(rows: AlertQuerySet) -> Q:
    """Return the condition that a row is among the ``TEXTS`` newest of ``rows``, or as new."""
    moments = rows.order_by("-raised_at").values_list("raised_at", flat=True)
    oldest = next(iter(moments[TEXTS - 1 : TEXTS]), None)
    return Q() if oldest is None else Q(raised_at__gte=oldest)


def is_about(word: str) -> Q:
    """Return the condition that the name or e-mail of an alert's member begins with ``word``, or
    that it names its order, see ``search.orders_of``."""
    condition = Q(order__in=search.orders_of(word))
    if accounts := search.find_accounts(word):
        # Of orders that have no subscription yet.
        own = registered.Alert.objects.filter(order__user__in=accounts)
        condition |= Q(pk__in=list(own.values_list("pk", flat=True)))
    few = search.Found(word).few
    if few is not None:
        return condition | Q(subscription__in=few)
    for name in ("member_name", "member_email"):
        condition |= Q(**{f"subscription__{name}__istartswith": word})
    return condition


def says(word: str) -> Q:
    """Return the condition that the texts of an alert hold ``word``.

    Some alerts name the member or the payment only in the facts or the reason, and the detail keeps
    the number of a deleted order.
    """
    return Q(reason__icontains=word) | Q(detail__lines__icontains=word) | Q(detail__order=word)


class ResolveForm(forms.Form):
    """The operator's note on an alert. ``times`` is the occurrence that the operator has seen."""

    note = forms.CharField(
        label=_("What was done about it?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kept with the alert and your name."),
        error_messages={"required": _("Please say what was done: somebody may ask later.")},
    )
    times = forms.IntegerField(widget=forms.HiddenInput)


class AlertListView(generic.ListView):
    """Alerts, the newest first; only open ones by default."""

    template_name = "oscar/dashboard/subscriptions/alert_list.html"
    context_object_name = "alerts"
    paginate_by = 25
    paginator_class = pagination.BoundedPaginator

    @cached_property
    def form(self) -> AlertSearchForm:
        """The search form, always bound: empty, it finds all open alerts."""
        return get_class("dashboard.alerts.views", "AlertSearchForm")(self.request.GET)

    def get_paginator(self, *args: Any, **kwargs: Any) -> Paginator[Any]:
        is_filtered = bool(self.request.GET.get("q"))
        limit = pagination.FILTERED_LIMIT if is_filtered else pagination.LIMIT
        return super().get_paginator(*args, limit=limit, **kwargs)

    def get_queryset(self) -> AlertQuerySet:
        rows = registered.Alert.objects.select_related("order", "subscription__plan__product")
        return self.form.search(rows)

    def get_context_data(self, **kwargs: Any) -> dict[str, object]:
        is_open = counting.open_alerts()
        return super().get_context_data(
            form=self.form,
            is_search=any(self.request.GET.get(name) for name in self.form.fields),
            number_open=is_open.number,
            number_open_in_words=is_open.words,
            **kwargs,
        )


class AlertDetailView(generic.FormView):
    """One alert with the payments of its order, and the form that resolves it."""

    request: StaffRequest

    template_name = "oscar/dashboard/subscriptions/alert_detail.html"
    success_url = reverse_lazy("subscriptions-dashboard:alert-list")

    @cached_property
    def alert(self) -> Alert:
        """The alert that the URL names."""
        rows = registered.Alert.objects.select_related(
            "order__user", "subscription__user", "subscription__plan__product"
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_form_class(self) -> type[ResolveForm]:
        return get_class("dashboard.alerts.views", "ResolveForm")

    def get_initial(self) -> dict[str, object]:
        return {"times": self.alert.times}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        order: Order | None = self.alert.order
        payments = get_gateway().payments_of([order]) if order else {}
        return super().get_context_data(
            alert=self.alert,
            member=self._member(),
            mail=alerts.mail_of(self.alert),
            has_managers=bool(settings.MANAGERS),
            payments=payments.get(order.pk, []) if order else [],
            answers=[] if self.alert.resolved_at else self._answers(),
            **kwargs,
        )

    def _member(self) -> User | None:
        subscription, order = self.alert.subscription, self.alert.order
        found = subscription.user if subscription is not None else None
        return found or (order.user if order is not None else None)

    def _answers(self) -> list[Offer]:
        found: list[Offer] = get_class("dashboard.alerts.answers", "answers")(
            self.request.user, self.alert
        )
        return found

    def form_valid(self, form: ResolveForm) -> HttpResponse:
        note: str = form.cleaned_data["note"]
        self.alert.times = form.cleaned_data["times"]
        if alerts.resolve(self.alert, actor=self.request.user, note=note):
            messages.success(self.request, gettext("The alert is resolved."))
            return super().form_valid(form)
        # Raised or resolved meanwhile: show it as it is now, with what the operator typed.
        del self.alert
        again = self.get_form_class()(initial={"note": note, "times": self.alert.times})
        return self.render_to_response(self.get_context_data(form=again, unsaved_note=note))

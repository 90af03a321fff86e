"""What operators search subscriptions by. The address of a search is the search: it can be kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django import forms
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions import conf
from oscar_subscriptions.dashboard.subscriptions import search, states
from oscar_subscriptions.loading import registered
from oscar_subscriptions.sql.key_lists import among

if TYPE_CHECKING:
    from oscar_subscriptions.dashboard.subscriptions.search import Found
    from oscar_subscriptions.querysets import SubscriptionQuerySet


class SubscriptionSearchForm(forms.Form):
    """Search terms: every word must begin the member's name or e-mail, or name an order, by its
    number, its receipt's, or an id at the provider.

    Attributes:
        looked_at: how many subscriptions in the wanted state were looked at; 0: all.
    """

    looked_at: int = 0

    @property
    def looked_at_in_words(self) -> str:
        """``looked_at`` as the reader writes it."""
        return number_format(self.looked_at, force_grouping=True)

    q = forms.CharField(
        label=_("Name, e-mail, order, receipt or payment"), required=False, max_length=128
    )
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("any")), *states.CHOICES]
    )
    on = forms.DateField(
        label=_("Status on (empty: today)"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    ends_within = forms.IntegerField(
        label=_("Ends within days"), required=False, min_value=0, max_value=3_660
    )
    plan = forms.ModelChoiceField(
        label=_("Plan"),
        queryset=registered.Plan.objects.select_related("product").order_by("product__title", "pk"),
        required=False,
        empty_label=_("any"),
    )

    def search(self, subscriptions: SubscriptionQuerySet) -> SubscriptionQuerySet:
        """Return the rows that match, ordered; none if the form is invalid."""
        if not self.is_valid():
            return subscriptions.none()
        words = [search.Found(word) for word in self.cleaned_data["q"].split()]
        if self.cleaned_data["plan"]:
            subscriptions = subscriptions.filter(plan=self.cleaned_data["plan"])
        if self.cleaned_data["ends_within"] is not None:
            return self._ending(subscriptions, words)
        are_sorted = any(one.are_sorted() for one in words)
        state, today = self.cleaned_data["status"], self.day
        if state and words and not are_sorted:
            rows = states.in_state(subscriptions, state, today)
            keys, are_more = search.look_at_the_first(rows, words)
            self.looked_at = search.LOOKED_AT if are_more else 0
            return states.in_state(subscriptions.filter(pk__in=among(keys)), state, today)
        for found in words:
            subscriptions = subscriptions.filter(found.condition)
        if state:
            return states.in_state(subscriptions, state, today)
        return subscriptions.order_by(*search.newest_first(are_sorted))

    @property
    def day(self) -> date:
        """The day of the states: today, unless another one was typed."""
        is_typed = self.is_valid() and self.cleaned_data["on"]
        return self.cleaned_data["on"] if is_typed else conf.today()

    def _ending(
        self, subscriptions: SubscriptionQuerySet, words: list[Found]
    ) -> SubscriptionQuerySet:
        """Those whose last day comes within so many days of :attr:`day`, the first one first."""
        within = timedelta(days=self.cleaned_data["ends_within"])
        found = states.ending(subscriptions, self.day, self.day + within)
        for word in words:
            found = found.filter(word.condition)
        if self.cleaned_data["status"]:
            found = states.with_state(found, self.day).filter(Q(state=self.cleaned_data["status"]))
        return found

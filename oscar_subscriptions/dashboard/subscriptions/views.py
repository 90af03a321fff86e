"""The pages of the subscriptions: a list to search in, and one with all its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import generic

from oscar_subscriptions import conf, sellers
from oscar_subscriptions.dashboard import pagination
from oscar_subscriptions.dashboard.pagination import BoundedPaginator
from oscar_subscriptions.dashboard.subscriptions import history, search, states
from oscar_subscriptions.loading import get_class, registered
from oscar_subscriptions.plans.term_status import describe
from oscar_subscriptions.sellers import listings
from oscar_subscriptions.sql.key_lists import among

if TYPE_CHECKING:
    from django.core.paginator import Paginator

    from oscar_subscriptions.protocols import Product, Seller, Subscription
    from oscar_subscriptions.querysets import SubscriptionQuerySet

    _DetailView = generic.DetailView[Subscription]
else:
    _DetailView = generic.DetailView


# Services on the page of a subscription; a seller may have hundreds.
SERVICES = 50


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
        are_sorted = any(one.are_sorted() for one in words)
        state, today = self.cleaned_data["status"], conf.today()
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


class SubscriptionListView(generic.ListView):
    """Subscriptions with their status in words, in a fixed number of queries."""

    template_name = "oscar/dashboard/subscriptions/subscription_list.html"
    context_object_name = "subscriptions"
    paginate_by = 25
    paginator_class = BoundedPaginator

    @cached_property
    def form(self) -> SubscriptionSearchForm:
        """The search form, always bound: empty, it finds everything."""
        form_class = get_class("dashboard.subscriptions.views", "SubscriptionSearchForm")
        return form_class(self.request.GET)

    def get_queryset(self) -> SubscriptionQuerySet:
        found = self.form.search(registered.Subscription.objects.all())
        return found.select_related("plan__product", "user").prefetch_related("terms")

    def get_paginator(self, *args: Any, **kwargs: Any) -> Paginator[Any]:
        asked: dict[str, object] = self.form.cleaned_data if self.form.is_valid() else {}
        is_filtered = bool(asked.get("q") or asked.get("status"))
        limit = pagination.FILTERED_LIMIT if is_filtered else pagination.LIMIT
        return super().get_paginator(*args, limit=limit, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, object]:
        context = super().get_context_data(form=self.form, **kwargs)
        shown, today = context["subscriptions"], conf.today()
        state = states.states_of(shown, today)
        for subscription in shown:
            subscription.state = state[subscription.pk]
            subscription.status = states.in_words(subscription, today)
        return context | {"is_search": any(self.request.GET.get(name) for name in self.form.fields)}


class SubscriptionDetailView(_DetailView):
    """One subscription: terms, orders and payments, consent, seller, history."""

    template_name = "oscar/dashboard/subscriptions/subscription_detail.html"
    context_object_name = "subscription"

    def get_queryset(self) -> SubscriptionQuerySet:
        rows = registered.Subscription.objects.select_related("user").for_page()
        return states.with_state(rows, conf.today())

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        subscription, today = self.object, conf.today()
        newest_first = sorted(
            subscription.terms.all(), key=lambda term: (term.starts_on, term.pk), reverse=True
        )
        seller = sellers.get_seller(subscription.user)
        newest = _newest_services(seller) if seller else []
        orders = history.orders(subscription)
        journal = history.history(subscription, self.request.GET.get("page"))
        return super().get_context_data(
            status=states.in_words(subscription, today),
            terms=[(term, describe(term, today)) for term in newest_first],
            orders=orders,
            alerts=history.open_alerts(subscription, orders),
            history=journal,
            page_obj=journal,
            paginator=journal.paginator,
            is_paginated=journal.has_other_pages(),
            renewal=get_class("dashboard.subscriptions.renewals", "state")(subscription),
            seller=seller,
            seller_until=sellers.seller_until(subscription.user) if self._can_sell() else None,
            shown_services=newest[:SERVICES],
            has_more_services=len(newest) > SERVICES,
            services=listings.services(seller).count() if seller else 0,
            public_services=listings.count_public(seller) if seller else 0,
            **kwargs,
        )

    def _can_sell(self) -> bool:
        # seller_until asks the terms alone; a member with a closed account is no seller.
        return self.object.user is not None and self.object.user.is_active


def _newest_services(seller: Seller) -> list[Product]:
    rows = listings.own_services(seller).order_by("-date_created", "-pk")
    return list(rows[: SERVICES + 1])

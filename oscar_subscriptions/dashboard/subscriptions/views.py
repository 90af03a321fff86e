"""The pages of the subscriptions: a list to search in, and one with all its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.functional import cached_property
from django.views import generic

from oscar_subscriptions import conf, sellers
from oscar_subscriptions.dashboard import pagination
from oscar_subscriptions.dashboard.pagination import BoundedPaginator
from oscar_subscriptions.dashboard.subscriptions import columns, history, mails, states, timeline
from oscar_subscriptions.dashboard.subscriptions.forms import SubscriptionSearchForm
from oscar_subscriptions.loading import get_class, registered
from oscar_subscriptions.plans.term_status import describe
from oscar_subscriptions.sellers import listings

if TYPE_CHECKING:
    from django.core.paginator import Paginator

    from oscar_subscriptions.protocols import Product, Seller, Subscription
    from oscar_subscriptions.querysets import SubscriptionQuerySet

    _DetailView = generic.DetailView[Subscription]
else:
    _DetailView = generic.DetailView


# Services on the page of a subscription; a seller may have hundreds.
SERVICES = 50


class SubscriptionListView(generic.ListView):
    """Subscriptions with their status in words, in a fixed number of queries."""

    template_name = "oscar/dashboard/subscriptions/subscription_list.html"
    context_object_name = "subscriptions"
    paginate_by = 25
    paginator_class = BoundedPaginator

    @cached_property
    def form(self) -> SubscriptionSearchForm:
        """The search form, always bound: empty, it finds everything."""
        form_class: type[SubscriptionSearchForm] = get_class(
            "dashboard.subscriptions.views", "SubscriptionSearchForm"
        )
        return form_class(self.request.GET)

    def get_queryset(self) -> SubscriptionQuerySet:
        found = self.form.search(registered.Subscription.objects.all())
        return found.select_related("plan__product", "user").prefetch_related("terms__came_from")

    def get_paginator(self, *args: Any, **kwargs: Any) -> Paginator[Any]:
        asked: dict[str, object] = self.form.cleaned_data if self.form.is_valid() else {}
        names = ("q", "status", "ends_within")
        is_filtered = any(asked.get(name) not in (None, "") for name in names)
        limit = pagination.FILTERED_LIMIT if is_filtered else pagination.LIMIT
        return super().get_paginator(*args, limit=limit, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, object]:
        context = super().get_context_data(form=self.form, **kwargs)
        shown = context["subscriptions"]
        columns.fill(shown, self.form.day)
        query = self.request.GET.copy()
        query.pop("page", None)
        return context | {
            "is_search": any(self.request.GET.get(name) for name in self.form.fields),
            "query": query.urlencode(),
        }


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
            timeline=timeline.draw(newest_first, today),
            orders=orders,
            alerts=history.open_alerts(subscription, orders),
            history=journal,
            mails=mails.newest(subscription),
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

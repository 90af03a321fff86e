"""The page of all plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from django.db.models import Exists, OuterRef
from django.views import generic

from oscar_subscriptions import conf
from oscar_subscriptions.dashboard.pagination import FILTERED_LIMIT, BoundedCount, in_words
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import vendors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.views.generic.base import ContextMixin

    from oscar_subscriptions.protocols import Partner, Price, Product, StaffRequest, StockRecord
    from oscar_subscriptions.querysets import PlanQuerySet

    _Context = ContextMixin
else:
    _Context = object


class ShownPlan(Protocol):
    """A ``Plan`` of the list, with what the page adds.

    Attributes:
        members: how many members are covered today, by ``BoundedCount``.
        members_in_words: the same in the active language.
        price: the price by the shop's strategy.
        vendors: the shop's own partners that have a stock record of the product.
        strangers: other partners that have one; see :mod:`vendors`.
    """

    product: Product
    members: int
    members_in_words: str
    price: Price
    vendors: list[Partner]
    strangers: list[Partner]


class TermsWarningMixin(_Context):
    """Add ``lacks_terms_of_sale`` to the page: without terms of sale nothing can be ordered."""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        published = registered.TermsOfSale.objects.exists()
        return super().get_context_data(lacks_terms_of_sale=not published, **kwargs)


class PlanListView(TermsWarningMixin, generic.ListView):
    """All plans with price, conditions and members, in a fixed number of queries."""

    request: StaffRequest

    template_name = "oscar/dashboard/subscriptions/plan_list.html"
    context_object_name = "plans"

    def get_queryset(self) -> PlanQuerySet:
        covering = registered.Term.objects.covering(conf.today())
        own = registered.Subscription.objects.filter(plan=OuterRef("pk"))
        members = own.filter(Exists(covering.filter(subscription=OuterRef("pk"))))
        plans = registered.Plan.objects.with_products()
        plans = plans.annotate(members=BoundedCount(members, FILTERED_LIMIT))
        return plans.order_by("-is_on_sale", "product__title", "pk")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context = super().get_context_data(**kwargs)
        context["ignores_foreign"] = vendors.are_foreign_ignored()
        own: set[int] = set(vendors.own().values_list("pk", flat=True))
        plans = cast("Iterable[ShownPlan]", context["plans"])
        for plan in plans:
            plan.members_in_words = in_words(plan.members, FILTERED_LIMIT)
            records: list[StockRecord] = list(plan.product.stockrecords.all())
            plan.price = self.request.strategy.fetch_for_product(plan.product).price
            plan.vendors = [record.partner for record in records if record.partner_id in own]
            plan.strangers = [r.partner for r in records if r.partner_id not in own]
        return context

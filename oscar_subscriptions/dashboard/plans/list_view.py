"""The page of all plans."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.views import generic

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import vendors


class TermsWarningMixin:
    """Tells the page whether terms of sale are missing: without them nothing can be ordered."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        published = registered.TermsOfSale.objects.exists()
        return super().get_context_data(  # type: ignore[misc]
            lacks_terms_of_sale=not published, **kwargs
        )


class PlanListView(TermsWarningMixin, generic.ListView):
    """All plans with price, conditions and members. Queries don't grow with the plans."""

    template_name = "oscar/dashboard/subscriptions/plan_list.html"
    context_object_name = "plans"

    def get_queryset(self) -> Any:
        covering = registered.Term.objects.covering(conf.today())
        members = (
            covering.filter(subscription__plan=OuterRef("pk"))
            .order_by()
            .values("subscription__plan")
            .annotate(number=Count("subscription", distinct=True))
            .values("number")
        )
        counted = Coalesce(Subquery(members, output_field=IntegerField()), 0)
        plans = registered.Plan.objects.with_products()
        return plans.annotate(members=counted).order_by("-is_on_sale", "product__title", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        own = set(vendors.own().values_list("pk", flat=True))
        context["ignores_foreign"] = vendors.are_foreign_ignored()
        strategy = self.request.strategy  # type: ignore[attr-defined]
        for plan in context["plans"]:
            records = plan.product.stockrecords.all()
            plan.price = strategy.fetch_for_product(plan.product).price
            plan.vendors = [record.partner for record in records if record.partner_id in own]
            plan.strangers = [r.partner for r in records if r.partner_id not in own]
        return context

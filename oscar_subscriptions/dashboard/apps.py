from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models.signals import post_migrate
from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarDashboardConfig

from oscar_subscriptions.http.private_pages import PrivatePagesMixin
from oscar_subscriptions.loading import CORE_LABEL

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponseBase
    from django.urls import URLPattern
    from django.views import View

    Decorator = Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]


class SubscriptionsDashboardConfig(PrivatePagesMixin, OscarDashboardConfig):
    """The operators' pages: plans, subscriptions, alerts, terms of sale."""

    label = "oscar_subscriptions_dashboard"
    name = "oscar_subscriptions.dashboard"
    verbose_name = _("Subscriptions dashboard")

    namespace = "subscriptions-dashboard"

    # This package's path in a shop's fork as well: Django finds the style sheet by it.
    path = str(Path(__file__).parent)

    # Of a page that a shop's fork adds. Partner users (``partner.dashboard_access``) get into
    # Oscar's dashboard, but sellers must neither see nor change plans and subscriptions.
    default_permissions = ["is_staff"]

    def configure_permissions(self) -> None:
        """Set what each page asks for, as Oscar's dashboards do; ``change_permissions_map`` is
        asked besides of requests that may change something."""
        from oscar.core.loading import get_class as oscar_class

        from oscar_subscriptions.dashboard.permissions import PAGES

        asked = oscar_class("dashboard.permissions", "DashboardPermission").get
        self.permissions_map = {name: asked(CORE_LABEL, *page.look) for name, page in PAGES.items()}
        self.change_permissions_map: dict[str, list[str]] = {
            name: asked(CORE_LABEL, page.change) for name, page in PAGES.items() if page.change
        }

    def get_url_decorator(self, pattern: URLPattern) -> Decorator | None:
        """Return the decorator that asks for the permissions of a page."""
        from oscar_subscriptions.dashboard.permissions import needed_to_change

        decorator = super().get_url_decorator(pattern)
        change = self.change_permissions_map.get(pattern.name or "")
        if decorator is None or change is None:
            return decorator
        return lambda view: decorator(needed_to_change(change)(view))

    def ready(self) -> None:
        from oscar_subscriptions.dashboard import permissions
        from oscar_subscriptions.loading import get_class

        self.configure_permissions()
        post_migrate.connect(permissions.make_groups, dispatch_uid="oscar_subscriptions.groups")
        self.plan_list_view: type[View] = get_class("dashboard.plans.list_view", "PlanListView")
        self.plan_create_view: type[View] = get_class("dashboard.plans.views", "PlanCreateView")
        self.plan_update_view: type[View] = get_class("dashboard.plans.views", "PlanUpdateView")
        self.plan_retire_view: type[View] = get_class("dashboard.plans.views", "PlanRetireView")
        self.plan_offer_view: type[View] = get_class("dashboard.plans.views", "PlanOfferView")
        self.subscription_list_view: type[View] = get_class(
            "dashboard.subscriptions.views", "SubscriptionListView"
        )
        self.subscription_detail_view: type[View] = get_class(
            "dashboard.subscriptions.views", "SubscriptionDetailView"
        )
        self.subscription_export_view: type[View] = get_class(
            "dashboard.subscriptions.export", "SubscriptionExportView"
        )
        self.goodwill_view: type[View] = get_class("dashboard.actions.goodwill", "GoodwillView")
        self.goodwill_batch_view: type[View] = get_class("dashboard.actions.goodwill", "BatchView")
        self.goodwill_undo_view: type[View] = get_class("dashboard.actions.goodwill", "UndoView")
        self.sell_view: type[View] = get_class("dashboard.sales.views", "SellView")
        self.sell_to_view: type[View] = get_class("dashboard.sales.views", "SellToView")
        self.sell_link_view: type[View] = get_class("dashboard.sales.views", "SellLinkView")
        self.alert_list_view: type[View] = get_class("dashboard.alerts.views", "AlertListView")
        self.alert_detail_view: type[View] = get_class("dashboard.alerts.views", "AlertDetailView")
        self.terms_list_view: type[View] = get_class(
            "dashboard.terms_of_sale.views", "TermsOfSaleListView"
        )
        self.terms_create_view: type[View] = get_class(
            "dashboard.terms_of_sale.views", "TermsOfSaleCreateView"
        )
        self.terms_detail_view: type[View] = get_class(
            "dashboard.terms_of_sale.views", "TermsOfSaleDetailView"
        )

    def get_urls(self) -> list[URLPattern]:
        from oscar_subscriptions.dashboard.actions.registry import ACTIONS

        # Oscar wants these names to be unique among all dashboard apps, whatever the namespace.
        urls = [
            path("", self.subscription_list_view.as_view(), name="subscription-list"),
            path(
                "export/", self.subscription_export_view.as_view(), name="subscription-list-export"
            ),
            path("<int:pk>/", self.subscription_detail_view.as_view(), name="subscription-detail"),
            *(
                path(action.route, action.view_class().as_view(), name=name)
                for name, action in ACTIONS.items()
            ),
            path("goodwill/", self.goodwill_view.as_view(), name="goodwill-give"),
            path("goodwill/<uuid:batch>/", self.goodwill_batch_view.as_view(), name="goodwill"),
            path(
                "goodwill/<uuid:batch>/undo/",
                self.goodwill_undo_view.as_view(),
                name="goodwill-undo",
            ),
            path("sell/", self.sell_view.as_view(), name="subscription-sell"),
            path("sell/<str:account>/", self.sell_to_view.as_view(), name="subscription-sell-to"),
            path(
                "sell/links/<int:pk>/", self.sell_link_view.as_view(), name="subscription-sell-link"
            ),
            path("plans/", self.plan_list_view.as_view(), name="plan-list"),
            path("plans/create/", self.plan_create_view.as_view(), name="plan-create"),
            path("plans/<int:pk>/", self.plan_update_view.as_view(), name="plan-update"),
            path("plans/<int:pk>/retire/", self.plan_retire_view.as_view(), name="plan-retire"),
            path("plans/<int:pk>/offer/", self.plan_offer_view.as_view(), name="plan-offer"),
            path("alerts/", self.alert_list_view.as_view(), name="alert-list"),
            path("alerts/<int:pk>/", self.alert_detail_view.as_view(), name="alert-detail"),
            path("terms-of-sale/", self.terms_list_view.as_view(), name="terms-of-sale-list"),
            path(
                "terms-of-sale/create/",
                self.terms_create_view.as_view(),
                name="terms-of-sale-create",
            ),
            path(
                "terms-of-sale/<int:pk>/",
                self.terms_detail_view.as_view(),
                name="terms-of-sale-detail",
            ),
        ]
        return self.post_process_urls(urls)

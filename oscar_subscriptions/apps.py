"""The app of the extension."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarConfig

from oscar_subscriptions.http.private_pages import PrivatePagesMixin
from oscar_subscriptions.loading import get_class

if TYPE_CHECKING:
    from django.urls import URLPattern
    from django.views import View


class SubscriptionsConfig(PrivatePagesMixin, OscarConfig):
    """Plans, subscriptions, sellers, and the members' pages."""

    label = "oscar_subscriptions"
    name = "oscar_subscriptions"
    verbose_name = _("Subscriptions")
    default_auto_field = "django.db.models.BigAutoField"

    namespace = "subscriptions"
    public_names = frozenset({"plan-list", "terms-of-sale", "guide", "seller"})

    # This package also in a shop's fork: templates, static files and message catalogues are found
    # below it. (Oscar's own are in a separate app, which shops don't fork.)
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        from oscar_subscriptions import checks, receivers  # noqa: F401
        from oscar_subscriptions.daily_run import (
            doctor,
            records_doctor,
            reminding,
            runner,
            services,
            services_doctor,
            steps,
        )
        from oscar_subscriptions.receipts import checks as receipt_checks  # noqa: F401
        from oscar_subscriptions.renewals import announcements, charges
        from oscar_subscriptions.sellers import take_down_mails  # noqa: F401

        runner.add_step(services.sync_services)
        runner.add_step(reminding.remind_members)
        runner.add_step(announcements.announce_renewals)
        runner.add_step(charges.charge_renewals)
        runner.add_step(steps.issue_missing_receipts)
        runner.add_step(steps.note_first_terms)
        # Also behind the steps of other apps: a slow mail server delays nothing, and an
        # announcement leaves on the day from which it allows the charge.
        runner.add_step(steps.send_outbox, at_end=True)
        for examination in (*records_doctor.EXAMINATIONS, *services_doctor.EXAMINATIONS):
            doctor.add_examination(examination)

        self.plan_list_view = _view("PlanListView")
        self.my_subscription_view = _view("MySubscriptionView")
        self.renewal_on_view = _view("RenewalOnView")
        self.renewal_off_view = _view("RenewalOffView")
        self.terms_of_sale_view = _view("TermsOfSaleView")
        self.guide_view = _view("GuideView")
        self.renew_view = _view("RenewView")
        self.order_link_view = _view("OrderLinkView")
        self.last_day_view = _view("LastDayView")
        self.switch_reminders_view = _view("SwitchRemindersView")
        self.unsubscribe_view = _view("UnsubscribeView")
        self.receipt_view = _view("ReceiptView")
        self.my_data_view = _view("MyDataView")
        self.seller_view = _view("SellerView")
        self.member_space_view = _view("MemberSpaceView")
        self.seller_orders_view = _view("SellerOrdersView")
        self.line_served_view = _view("LineServedView")
        self.service_add_view = _view("ServiceAddView")
        self.service_choose_view = _view("ServiceChooseView")
        self.service_edit_view = _view("ServiceEditView")
        self.service_withdraw_view = _view("ServiceWithdrawView")
        self.service_publish_view = _view("ServicePublishView")

    def get_urls(self) -> list[URLPattern]:
        urls = [
            path("plans/", self.plan_list_view.as_view(), name="plan-list"),
            path("subscription/", self.my_subscription_view.as_view(), name="my-subscription"),
            path("subscription/<int:pk>/renew/", self.renew_view.as_view(), name="renew"),
            path("order/<str:token>/", self.order_link_view.as_view(), name="order-link"),
            path(
                "subscription/<int:pk>/last-day.ics", self.last_day_view.as_view(), name="last-day"
            ),
            path(
                "subscription/<int:pk>/reminders/",
                self.switch_reminders_view.as_view(),
                name="switch-reminders",
            ),
            path("reminders/<str:token>/", self.unsubscribe_view.as_view(), name="reminders"),
            path("subscription/data/", self.my_data_view.as_view(), name="my-data"),
            path("receipts/<str:order_number>/", self.receipt_view.as_view(), name="receipt"),
            path(
                "subscription/<int:pk>/renewal/on/",
                self.renewal_on_view.as_view(),
                name="renewal-on",
            ),
            path(
                "subscription/<int:pk>/renewal/off/",
                self.renewal_off_view.as_view(),
                name="renewal-off",
            ),
            path("terms-of-sale/", self.terms_of_sale_view.as_view(), name="terms-of-sale"),
            path("guide/", self.guide_view.as_view(), name="guide"),
            # Not <slug:…>: with OSCAR_SLUG_ALLOW_UNICODE partner codes contain other letters.
            path("sellers/<str:code>/", self.seller_view.as_view(), name="seller"),
            path("orders/", self.seller_orders_view.as_view(), name="seller-orders"),
            path(
                "orders/lines/<int:pk>/served/",
                self.line_served_view.as_view(),
                name="line-served",
            ),
            path("space/", self.member_space_view.as_view(), name="member-space"),
            path("space/add/", self.service_add_view.as_view(), name="service-add"),
            path("space/choose/", self.service_choose_view.as_view(), name="service-choose"),
            path("space/<int:pk>/edit/", self.service_edit_view.as_view(), name="service-edit"),
            path(
                "space/<int:pk>/withdraw/",
                self.service_withdraw_view.as_view(),
                name="service-withdraw",
            ),
            path(
                "space/<int:pk>/publish/",
                self.service_publish_view.as_view(),
                name="service-publish",
            ),
        ]
        return self.post_process_urls(urls)


def _view(name: str) -> type[View]:
    return get_class("members.views", name)

from pathlib import Path

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarConfig


class SubscriptionsConfig(OscarConfig):
    """The extension itself: plans, subscriptions, sellers, and the members' pages."""

    label = "oscar_subscriptions"
    name = "oscar_subscriptions"
    verbose_name = _("Subscriptions")
    default_auto_field = "django.db.models.BigAutoField"

    namespace = "subscriptions"

    # Of this package, in a shop's fork as well: templates, static files and catalogues are found
    # by it. (Oscar's own live in an app of their own, which nobody forks.)
    path = str(Path(__file__).parent)

    def ready(self):
        from oscar_subscriptions import checks, receivers  # noqa: F401
        from oscar_subscriptions.daily_run import runner, steps
        from oscar_subscriptions.loading import get_class
        from oscar_subscriptions.receipts import checks as receipt_checks  # noqa: F401
        from oscar_subscriptions.renewals import announcements, charges

        runner.add_step(steps.park_lapsed_sellers)
        runner.add_step(steps.restore_returned_sellers)
        runner.add_step(steps.remind_members)
        # Before the outbox is sent: an announcement names the day of the charge that it allows.
        runner.add_step(announcements.announce_renewals)
        runner.add_step(charges.charge_renewals)
        runner.add_step(steps.send_outbox)

        self.plan_list_view = get_class("members.views", "PlanListView")
        self.my_subscription_view = get_class("members.views", "MySubscriptionView")
        self.renewal_on_view = get_class("members.views", "RenewalOnView")
        self.renewal_off_view = get_class("members.views", "RenewalOffView")
        self.terms_of_sale_view = get_class("members.views", "TermsOfSaleView")
        self.guide_view = get_class("members.views", "GuideView")
        self.renew_view = get_class("members.views", "RenewView")
        self.last_day_view = get_class("members.views", "LastDayView")
        self.switch_reminders_view = get_class("members.views", "SwitchRemindersView")
        self.unsubscribe_view = get_class("members.views", "UnsubscribeView")
        self.receipt_view = get_class("members.views", "ReceiptView")
        self.my_data_view = get_class("members.views", "MyDataView")
        self.seller_view = get_class("members.views", "SellerView")
        self.member_space_view = get_class("members.views", "MemberSpaceView")
        self.seller_orders_view = get_class("members.views", "SellerOrdersView")
        self.line_served_view = get_class("members.views", "LineServedView")
        self.service_add_view = get_class("members.views", "ServiceAddView")
        self.service_choose_view = get_class("members.views", "ServiceChooseView")
        self.service_edit_view = get_class("members.views", "ServiceEditView")
        self.service_withdraw_view = get_class("members.views", "ServiceWithdrawView")
        self.service_publish_view = get_class("members.views", "ServicePublishView")

    def get_urls(self):
        urls = [
            path("plans/", self.plan_list_view.as_view(), name="plan-list"),
            path("subscription/", self.my_subscription_view.as_view(), name="my-subscription"),
            path("subscription/<int:pk>/renew/", self.renew_view.as_view(), name="renew"),
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
            # Not <slug:…>: with OSCAR_SLUG_ALLOW_UNICODE a partner's code holds other letters.
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

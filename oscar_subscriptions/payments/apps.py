from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarConfig

if TYPE_CHECKING:
    from django.urls import URLPattern


class PaymentsConfig(OscarConfig):
    """Payment of plan orders through Stripe Checkout and dj-stripe."""

    label = "oscar_subscriptions_payments"
    name = "oscar_subscriptions.payments"
    verbose_name = _("Subscription payments")
    default_auto_field = "django.db.models.BigAutoField"

    namespace = "subscriptions-payments"

    def ready(self) -> None:
        from oscar_subscriptions import privacy
        from oscar_subscriptions.daily_run import doctor, runner
        from oscar_subscriptions.loading import get_class
        from oscar_subscriptions.payments import checks, provider_doctor, receivers  # noqa: F401
        from oscar_subscriptions.payments import doctor as payments_doctor
        from oscar_subscriptions.payments import privacy as payment_privacy
        from oscar_subscriptions.payments.payment_methods import (
            erasing,
            forgetting,
            scrubbing,  # noqa: F401
        )
        from oscar_subscriptions.payments.reconciliation import (
            event_backlog,
            follow_up,
            sweep,
            unpaid_orders,
        )

        runner.add_step(event_backlog.read_events)
        runner.add_step(sweep.reconcile_open_attempts)
        runner.add_step(sweep.recheck_charges)
        runner.add_step(sweep.fulfil_paid_orders)
        runner.add_step(sweep.show_payments)
        runner.add_step(sweep.report_cancelled_orders)
        runner.add_step(unpaid_orders.remind_of_unpaid_orders)
        runner.add_step(unpaid_orders.cancel_orders_that_are_over)
        runner.add_step(unpaid_orders.close_needless_attempts)
        runner.add_step(follow_up.file_attempts)
        # Last, because the steps above end what needs a payment method.
        runner.add_step(forgetting.forget_payment_method)
        for examination in (
            payments_doctor.payments_without_term,
            payments_doctor.terms_without_payment,
            payments_doctor.orders_of_payments,
        ):
            doctor.add_examination(examination)
        doctor.add_examination(provider_doctor.provider_and_attempts, asks_provider=True)
        doctor.add_examination(provider_doctor.sessions_at_the_provider, asks_provider=True)
        privacy.add_section("payments", payment_privacy.payments)
        privacy.add_section("payment_methods", payment_privacy.payment_methods)
        privacy.add_objection(payment_privacy.open_money)
        # Before the ids of the customer, which lead to dj-stripe's rows, are forgotten.
        privacy.add_eraser(erasing.erase_payer_details)
        privacy.add_eraser(forgetting.forget_anonymised)
        self.pay_view = get_class("payments.views", "PayView")
        self.return_view = get_class("payments.views", "ReturnView")
        self.cancel_return_view = get_class("payments.views", "CancelReturnView")
        self.order_cancel_view = get_class("payments.views", "OrderCancelView")

    def get_urls(self) -> list[URLPattern]:
        urls = [
            path("return/<uuid:reference>/", self.return_view.as_view(), name="return"),
            path(
                "cancelled/<uuid:reference>/",
                self.cancel_return_view.as_view(),
                name="cancel-return",
            ),
            path("<str:order_number>/pay/", self.pay_view.as_view(), name="pay"),
            path(
                "<str:order_number>/cancel/",
                self.order_cancel_view.as_view(),
                name="order-cancel",
            ),
        ]
        return self.post_process_urls(urls)

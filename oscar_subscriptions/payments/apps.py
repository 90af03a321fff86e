from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarConfig


class PaymentsConfig(OscarConfig):
    """Payment of plan orders through Stripe Checkout and dj-stripe."""

    label = "oscar_subscriptions_payments"
    name = "oscar_subscriptions.payments"
    verbose_name = _("Subscription payments")
    default_auto_field = "django.db.models.BigAutoField"

    namespace = "subscriptions-payments"

    def ready(self):
        from oscar_subscriptions import doctor, lifecycle, privacy
        from oscar_subscriptions.loading import get_class
        from oscar_subscriptions.payments import (
            catchup,
            checks,  # noqa: F401
            examinations,
            forgetting,
            policy_checks,  # noqa: F401
            receivers,  # noqa: F401
            scrubbing,  # noqa: F401
            stored_checks,  # noqa: F401
            sweep,
        )
        from oscar_subscriptions.payments import privacy as payment_privacy

        lifecycle.add_step(catchup.read_events)
        lifecycle.add_step(sweep.reconcile_open_attempts)
        lifecycle.add_step(sweep.recheck_charges)
        lifecycle.add_step(sweep.fulfil_paid_orders)
        lifecycle.add_step(sweep.show_payments)
        lifecycle.add_step(sweep.cancel_orders_that_are_over)
        lifecycle.add_step(sweep.close_needless_charges)
        # Last: what the steps before have ended needs no means of payment any more.
        lifecycle.add_step(forgetting.forget_means)
        for examination in (
            examinations.payments_without_term,
            examinations.terms_without_payment,
            examinations.orders_of_payments,
            examinations.provider_and_attempts,
            examinations.sessions_at_the_provider,
        ):
            doctor.add_examination(examination)
        privacy.add_section("payments", payment_privacy.payments)
        privacy.add_section("means_of_payment", payment_privacy.means_of_payment)
        privacy.add_objection(payment_privacy.open_money)
        privacy.add_eraser(forgetting.forget_anonymised)
        self.pay_view = get_class("payments.views", "PayView")
        self.return_view = get_class("payments.views", "ReturnView")
        self.cancel_return_view = get_class("payments.views", "CancelReturnView")
        self.order_cancel_view = get_class("payments.views", "OrderCancelView")

    def get_urls(self):
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

"""The same shop without the extension: stock Oscar on the same database."""

from benchmarks.settings import *

_STOCK = {
    "oscar_subscriptions.basket.apps.BasketConfig": "oscar.apps.basket.apps.BasketConfig",
    "oscar_subscriptions.checkout.apps.CheckoutConfig": "oscar.apps.checkout.apps.CheckoutConfig",
    "partner.apps.PartnerConfig": "benchmarks.stock_partner.apps.PartnerConfig",
    "oscar_subscriptions.dashboard.catalogue.apps.CatalogueDashboardConfig": (
        "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig"
    ),
    "oscar_subscriptions.dashboard.partners.apps.PartnersDashboardConfig": (
        "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig"
    ),
}
_WITHOUT = {
    "oscar_subscriptions.apps.SubscriptionsConfig",
    "oscar_subscriptions.payments.apps.PaymentsConfig",
    "oscar_subscriptions.dashboard.apps.SubscriptionsDashboardConfig",
    "djstripe",
}
INSTALLED_APPS = [_STOCK.get(app, app) for app in INSTALLED_APPS if app not in _WITHOUT]
AUTHENTICATION_BACKENDS = [
    "oscar.apps.customer.auth_backends.EmailBackend",
    "django.contrib.auth.backends.ModelBackend",
]
OSCAR_DASHBOARD_NAVIGATION = [
    entry for entry in OSCAR_DASHBOARD_NAVIGATION if entry is not NAVIGATION
]
ROOT_URLCONF = "benchmarks.urls_stock"

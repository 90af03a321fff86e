from tests.settings import *

_STOCK = {
    "oscar_subscriptions.basket.apps.BasketConfig": "oscar.apps.basket.apps.BasketConfig",
    "oscar_subscriptions.checkout.apps.CheckoutConfig": "oscar.apps.checkout.apps.CheckoutConfig",
    "partner.apps.PartnerConfig": "oscar.apps.partner.apps.PartnerConfig",
    "oscar_subscriptions.dashboard.catalogue.apps.CatalogueDashboardConfig": (
        "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig"
    ),
    "oscar_subscriptions.dashboard.partners.apps.PartnersDashboardConfig": (
        "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig"
    ),
}
_WITHOUT = {"oscar_subscriptions.payments.apps.PaymentsConfig", "djstripe", "shop"}
INSTALLED_APPS = [_STOCK.get(app, app) for app in INSTALLED_APPS if app not in _WITHOUT]
ROOT_URLCONF = "tests.projects.stock.urls"
OSCAR_SUBSCRIPTIONS_GATEWAY = "tests.projects.stock.gateway.ByInvoice"

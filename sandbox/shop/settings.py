"""Settings of the sandbox shop: an ordinary Oscar shop with the extension installed.

The lines that a shop of your own needs are those under "The extension".
"""

from urllib.parse import urlsplit

import django
from django.utils.translation import gettext_lazy as _
from oscar.defaults import *

from oscar_subscriptions.dashboard.navigation import NAVIGATION
from shop import environment as env

# --- Django ---------------------------------------------------------------------------------

SECRET_KEY = env.secret_key()
DEBUG = env.DEBUG
SITE_ID = 1
_PUBLIC_HOST = [urlsplit(env.PUBLIC_URL).hostname] if env.PUBLIC_URL else []
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *_PUBLIC_HOST]
CSRF_TRUSTED_ORIGINS = [env.PUBLIC_URL] if env.PUBLIC_URL else []

INSTALLED_APPS = [
    "shop",
    # The extension comes before Oscar, so that its templates win.
    "oscar_subscriptions.apps.SubscriptionsConfig",
    "oscar_subscriptions.payments.apps.PaymentsConfig",
    "oscar_subscriptions.dashboard.apps.SubscriptionsDashboardConfig",
    "djstripe",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "oscar.config.Shop",
    "oscar.apps.analytics.apps.AnalyticsConfig",
    "oscar_subscriptions.checkout.apps.CheckoutConfig",
    "oscar.apps.address.apps.AddressConfig",
    "oscar.apps.shipping.apps.ShippingConfig",
    "oscar.apps.catalogue.apps.CatalogueConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "partner.apps.PartnerConfig",
    "oscar_subscriptions.basket.apps.BasketConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "oscar.apps.offer.apps.OfferConfig",
    "oscar.apps.order.apps.OrderConfig",
    "oscar.apps.customer.apps.CustomerConfig",
    "oscar.apps.search.apps.SearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
    "oscar.apps.dashboard.apps.DashboardConfig",
    "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
    "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
    "oscar_subscriptions.dashboard.catalogue.apps.CatalogueDashboardConfig",
    "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
    "oscar_subscriptions.dashboard.partners.apps.PartnersDashboardConfig",
    "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
    "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
    "widget_tweaks",
    "haystack",
    "treebeard",
    "sorl.thumbnail",
    "django_tables2",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.media",
                "django.template.context_processors.static",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.search.context_processors.search_form",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.apps.communication.notifications.context_processors.notifications",
                "oscar.core.context_processors.metadata",
            ],
        },
    }
]

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
DATABASES = {"default": {**env.database(), "ATOMIC_REQUESTS": True}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# The browser chooses the language, or the visitor with the switcher; French for everybody else.
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "static/"
MEDIA_URL = "media/"
MEDIA_ROOT = env.VAR / "media"

# Nothing leaves this machine: every e-mail is a file.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = env.VAR / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = "Intras Consultants <shop@example.com>"
# Told of money that could not be turned into a subscription. (Django 6 wants plain addresses.)
_OPERATOR = "operator@example.com"
MANAGERS = [_OPERATOR] if django.VERSION >= (6,) else [("Operator", _OPERATOR)]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "level": "WARNING", "formatter": "line"},
        "file": {
            "class": "logging.FileHandler",
            "filename": env.VAR / "shop.log",
            "delay": True,
            "formatter": "line",
        },
    },
    "root": {"handlers": ["console", "file"], "level": "INFO"},
    # Requests go to the file, so that the terminal keeps showing where to go.
    "loggers": {"django.server": {"handlers": ["file"], "level": "INFO", "propagate": False}},
}

# --- Oscar ----------------------------------------------------------------------------------

OSCAR_SHOP_NAME = "Intras Consultants"
OSCAR_SHOP_TAGLINE = ""
OSCAR_MISSING_IMAGE_URL = "shop_no_picture.png"  # in static/oscar/img/, where Oscar looks
OSCAR_HOMEPAGE = "/"
OSCAR_DEFAULT_CURRENCY = "EUR"
OSCAR_FROM_EMAIL = DEFAULT_FROM_EMAIL
OSCAR_ALLOW_ANON_REVIEWS = False
# Prices are shown with VAT, so "half price" means half of that. (Oscar's default takes the amount
# off the price without VAT, which then comes out at two fifths.)
OSCAR_OFFERS_INCL_TAX = True

OSCAR_INITIAL_ORDER_STATUS = OSCAR_INITIAL_LINE_STATUS = "Pending"
OSCAR_ORDER_STATUS_PIPELINE = {
    "Pending": ("Paid", "Cancelled"),
    "Paid": ("Complete", "Cancelled"),
    "Complete": (),
    # Money may arrive after a cancellation.
    "Cancelled": ("Paid",),
}

# Sellers say which services they have given.
OSCAR_LINE_STATUS_PIPELINE = {"Pending": ("Served",), "Served": ()}

# Haystack's "simple" engine finds nothing on Oscar's pages; Whoosh needs no server.
HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "shop.search.ShopEngine",
        "PATH": str(env.VAR / "index"),
        "INCLUDE_SPELLING": False,
        # shop.search_indexes has one that knows sellers.
        "EXCLUDED_INDEXES": ["oscar.apps.search.search_indexes.ProductIndex"],
    }
}
OSCAR_SEARCH_FACETS: dict = {
    "fields": {
        "category_name": {"name": _("Category"), "field": "category_name"},
        "seller": {"name": _("Offered by"), "field": "seller"},
        "rating": {"name": _("Rating"), "field": "rating"},
    },
    "queries": {
        "price_range": {
            "name": _("Price incl. tax"),
            "field": "price",
            "queries": [
                (_("up to €250"), "[0 TO 250]"),
                (_("€250 to €500"), "{250 TO 500]"),
                (_("€500 to €1,000"), "{500 TO 1000]"),
                (_("over €1,000"), "{1000 TO]"),
            ],
        },
    },
}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.RealtimeSignalProcessor"

# --- The extension --------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    # First: it answers from the terms with one query, and asks nothing of other permissions.
    "oscar_subscriptions.backends.SellerBackend",
    "oscar.apps.customer.auth_backends.EmailBackend",
    "django.contrib.auth.backends.ModelBackend",
]
OSCAR_DASHBOARD_NAVIGATION += [NAVIGATION]  # type: ignore[name-defined]
OSCAR_SUBSCRIPTIONS_BASE_URL = env.BASE_URL
OSCAR_SUBSCRIPTIONS_SERVICE_CATEGORY = "services"
OSCAR_SUBSCRIPTIONS_TERMS_OF_USE_URL = "terms-of-use"
OSCAR_SUBSCRIPTIONS_PHISHING_CONTACT = "security@example.com"
# Members may choose it; nobody is renewed who did not.
OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True

# --- dj-stripe ------------------------------------------------------------------------------

STRIPE_LIVE_MODE = False
if env.STRIPE_SECRET_KEY:
    STRIPE_TEST_SECRET_KEY = env.STRIPE_SECRET_KEY
else:
    STRIPE_TEST_SECRET_KEY = env.STANDIN_SECRET_KEY
    STRIPE_API_HOST = env.STANDIN_URL
DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
# dj-stripe's three migrations alter hundreds of fields and take minutes on an empty database. The
# sandbox has no old data to carry along, so its tables are created directly (`migrate
# --run-syncdb`, after `migrate`). A shop of your own runs the migrations.
MIGRATION_MODULES = {"djstripe": None}

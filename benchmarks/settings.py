"""The shop with the extension: the sandbox's settings without the sandbox's own pages."""

import os

from benchmarks.databases import described
from shop.settings import *

DEBUG = False
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": described(os.environ["BENCH_DATABASE"])}
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "shop"]
ROOT_URLCONF = "benchmarks.urls"
LANGUAGE_CODE = "en"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "benchmarks.search.FixedEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"
OSCAR_SUBSCRIPTIONS_BASE_URL = "https://shop.example"
OSCAR_SUBSCRIPTIONS_TERMS_OF_USE_URL = None
STRIPE_API_HOST = os.environ.get("BENCH_PROVIDER", "http://127.0.0.1:9")
LOGGING = {"version": 1, "disable_existing_loggers": False}
LOGGING_CONFIG = None


class _OnlyOurs(dict):
    """Our migrations run; Oscar's and dj-stripe's hundreds become tables directly."""

    def __contains__(self, app_label: object) -> bool:
        return not str(app_label).startswith("oscar_subscriptions")

    def __getitem__(self, app_label: str) -> None:
        return None


MIGRATION_MODULES = _OnlyOurs()
OSCAR_SEARCH_FACETS = {"fields": {}, "queries": {}}  # the engine above counts none
OSCAR_MISSING_IMAGE_URL = "image_not_found.jpg"  # Oscar's own; the sandbox's went with its app

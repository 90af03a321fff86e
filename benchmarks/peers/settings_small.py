"""What the settings of the peers that know nothing of Oscar share."""

import os

from benchmarks.databases import described

SECRET_KEY = "only for benchmarks"
DEBUG = False
DATABASES = {"default": described(os.environ["BENCH_DATABASE"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
SITE_ID = 1
LANGUAGE_CODE = "en"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
LOGGING_CONFIG = None
ROOT_URLCONF = "benchmarks.peers.settings_small"
urlpatterns: list = []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sites",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]


class _None(dict):
    """Tables are made from the models."""

    def __contains__(self, app_label: object) -> bool:
        return True

    def __getitem__(self, app_label: str) -> None:
        return None


MIGRATION_MODULES = _None()

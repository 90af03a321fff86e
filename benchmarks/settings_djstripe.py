"""Stock Oscar with dj-stripe, which receives webhooks, and without the extension."""

from benchmarks.settings_stock import *

INSTALLED_APPS = [*INSTALLED_APPS, "djstripe"]
ROOT_URLCONF = "benchmarks.urls_djstripe"

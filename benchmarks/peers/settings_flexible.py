"""django-flexible-subscriptions, which sends no e-mails of its own."""

from benchmarks.peers.settings_small import *

INSTALLED_APPS += ["subscriptions"]

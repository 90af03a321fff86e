"""The settings of a Celery worker: the tests' shop, at the servers of the test that started it."""

import json
import os

from tests.settings import *

_GIVEN = json.loads(os.environ["WORKER_SETTINGS"])

DATABASES = {"default": _GIVEN["database"]}
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = "127.0.0.1", _GIVEN["mail_port"], 30
STRIPE_API_HOST = _GIVEN["provider"]
# So few that a dozen sellers are shared out.
OSCAR_SUBSCRIPTIONS_ROWS_PER_TASK = 3

# As the documentation says, only faster.
CELERY_BROKER_URL = _GIVEN["broker"]
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1

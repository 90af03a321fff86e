"""The shop's Celery app, as in every Django project: it finds the tasks of all installed apps.

The sandbox itself needs none of it. With the extra ``[celery]``, ``celery -A shop.celery worker``
carries out the run where ``CELERY_BROKER_URL`` says.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

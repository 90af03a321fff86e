from django.db import models

from oscar_subscriptions.abstract_models import AbstractPlan


class Plan(AbstractPlan):
    badge = models.CharField(max_length=20, blank=True)


from oscar_subscriptions.models import *  # noqa: E402, F403

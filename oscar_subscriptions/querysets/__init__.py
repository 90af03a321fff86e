"""Each query about the rows, defined once."""

from oscar_subscriptions.querysets.consents import (
    AutoRenewalQuerySet,
    PlannedRenewalQuerySet,
    TermsOfSaleQuerySet,
)
from oscar_subscriptions.querysets.memberships import (
    PlanQuerySet,
    SellerQuerySet,
    SubscriptionQuerySet,
    TermQuerySet,
)
from oscar_subscriptions.querysets.messages import AlertQuerySet, OutboxMailQuerySet
from oscar_subscriptions.querysets.take_downs import TakeDownQuerySet

__all__ = [
    "AlertQuerySet",
    "AutoRenewalQuerySet",
    "OutboxMailQuerySet",
    "PlanQuerySet",
    "PlannedRenewalQuerySet",
    "SellerQuerySet",
    "SubscriptionQuerySet",
    "TakeDownQuerySet",
    "TermQuerySet",
    "TermsOfSaleQuerySet",
]

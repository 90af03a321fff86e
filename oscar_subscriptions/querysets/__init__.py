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

__all__ = [
    "AlertQuerySet",
    "AutoRenewalQuerySet",
    "OutboxMailQuerySet",
    "PlanQuerySet",
    "PlannedRenewalQuerySet",
    "SellerQuerySet",
    "SubscriptionQuerySet",
    "TermQuerySet",
    "TermsOfSaleQuerySet",
]

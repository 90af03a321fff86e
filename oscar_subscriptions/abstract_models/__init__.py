"""Abstract models. A shop that forks the app subclasses them, as it does with Oscar's models."""

from oscar_subscriptions.abstract_models.consents import AbstractConsent, AbstractTermsOfSale
from oscar_subscriptions.abstract_models.operations import AbstractAlert, AbstractCheckpoint
from oscar_subscriptions.abstract_models.plans import AbstractPlan
from oscar_subscriptions.abstract_models.receipts import AbstractReceipt, AbstractReceiptCounter
from oscar_subscriptions.abstract_models.records import AbstractJournalEntry, AbstractOutboxMail
from oscar_subscriptions.abstract_models.renewals import (
    AbstractAutoRenewal,
    AbstractPlannedRenewal,
)
from oscar_subscriptions.abstract_models.sellers import AbstractParkedListing, AbstractSeller
from oscar_subscriptions.abstract_models.subscriptions import AbstractSubscription
from oscar_subscriptions.abstract_models.take_downs import AbstractTakeDown
from oscar_subscriptions.abstract_models.terms import AbstractTerm

__all__ = [
    "AbstractAlert",
    "AbstractAutoRenewal",
    "AbstractCheckpoint",
    "AbstractConsent",
    "AbstractJournalEntry",
    "AbstractOutboxMail",
    "AbstractParkedListing",
    "AbstractPlan",
    "AbstractPlannedRenewal",
    "AbstractReceipt",
    "AbstractReceiptCounter",
    "AbstractSeller",
    "AbstractSubscription",
    "AbstractTakeDown",
    "AbstractTerm",
    "AbstractTermsOfSale",
]

"""Concrete models, each defined only if the shop has not registered its own."""

from oscar.core.loading import is_model_registered

from oscar_subscriptions import abstract_models

__all__: list[str] = []

if not is_model_registered("oscar_subscriptions", "Plan"):

    class Plan(abstract_models.AbstractPlan):
        pass

    __all__.append("Plan")

if not is_model_registered("oscar_subscriptions", "Subscription"):

    class Subscription(abstract_models.AbstractSubscription):
        pass

    __all__.append("Subscription")

if not is_model_registered("oscar_subscriptions", "Term"):

    class Term(abstract_models.AbstractTerm):
        pass

    __all__.append("Term")

if not is_model_registered("oscar_subscriptions", "Seller"):

    class Seller(abstract_models.AbstractSeller):
        pass

    __all__.append("Seller")

if not is_model_registered("oscar_subscriptions", "ParkedListing"):

    class ParkedListing(abstract_models.AbstractParkedListing):
        pass

    __all__.append("ParkedListing")


if not is_model_registered("oscar_subscriptions", "TakeDown"):

    class TakeDown(abstract_models.AbstractTakeDown):
        pass

    __all__.append("TakeDown")

if not is_model_registered("oscar_subscriptions", "TermsOfSale"):

    class TermsOfSale(abstract_models.AbstractTermsOfSale):
        pass

    __all__.append("TermsOfSale")

if not is_model_registered("oscar_subscriptions", "Consent"):

    class Consent(abstract_models.AbstractConsent):
        pass

    __all__.append("Consent")

if not is_model_registered("oscar_subscriptions", "JournalEntry"):

    class JournalEntry(abstract_models.AbstractJournalEntry):
        pass

    __all__.append("JournalEntry")

if not is_model_registered("oscar_subscriptions", "OutboxMail"):

    class OutboxMail(abstract_models.AbstractOutboxMail):
        pass

    __all__.append("OutboxMail")

if not is_model_registered("oscar_subscriptions", "Alert"):

    class Alert(abstract_models.AbstractAlert):
        pass

    __all__.append("Alert")

if not is_model_registered("oscar_subscriptions", "Checkpoint"):

    class Checkpoint(abstract_models.AbstractCheckpoint):
        pass

    __all__.append("Checkpoint")

if not is_model_registered("oscar_subscriptions", "Receipt"):

    class Receipt(abstract_models.AbstractReceipt):
        pass

    __all__.append("Receipt")

if not is_model_registered("oscar_subscriptions", "ReceiptCounter"):

    class ReceiptCounter(abstract_models.AbstractReceiptCounter):
        pass

    __all__.append("ReceiptCounter")

if not is_model_registered("oscar_subscriptions", "AutoRenewal"):

    class AutoRenewal(abstract_models.AbstractAutoRenewal):
        pass

    __all__.append("AutoRenewal")

if not is_model_registered("oscar_subscriptions", "PlannedRenewal"):

    class PlannedRenewal(abstract_models.AbstractPlannedRenewal):
        pass

    __all__.append("PlannedRenewal")

"""The payments app's models. A shop that needs more replaces one, as it does in Oscar."""

from oscar_subscriptions.payments.abstract_models.attempts import AbstractAttempt, AttemptQuerySet
from oscar_subscriptions.payments.abstract_models.payment_methods import AbstractStoredPaymentMethod
from oscar_subscriptions.payments.abstract_models.reversals import AbstractReversal

__all__ = [
    "AbstractAttempt",
    "AbstractReversal",
    "AbstractStoredPaymentMethod",
    "AttemptQuerySet",
]

from oscar.core.loading import is_model_registered

from oscar_subscriptions.payments import abstract_models

__all__: list[str] = []

if not is_model_registered("oscar_subscriptions_payments", "Attempt"):

    class Attempt(abstract_models.AbstractAttempt):
        pass

    __all__.append("Attempt")

if not is_model_registered("oscar_subscriptions_payments", "Reversal"):

    class Reversal(abstract_models.AbstractReversal):
        pass

    __all__.append("Reversal")

if not is_model_registered("oscar_subscriptions_payments", "StoredPaymentMethod"):

    class StoredPaymentMethod(abstract_models.AbstractStoredPaymentMethod):
        pass

    __all__.append("StoredPaymentMethod")

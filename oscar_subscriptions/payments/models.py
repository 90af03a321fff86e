from oscar.core.loading import is_model_registered

from oscar_subscriptions.payments.abstract_models import AbstractAttempt

__all__: list[str] = []

if not is_model_registered("oscar_subscriptions_payments", "Attempt"):

    class Attempt(AbstractAttempt):
        pass

    __all__.append("Attempt")

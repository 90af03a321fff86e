"""System checks of the payments app: keys, policies, dj-stripe's rows."""

from oscar_subscriptions.payments.checks import keys, policies, stored

__all__ = ["keys", "policies", "stored"]

"""System checks of the payments app: keys, policies, what dj-stripe has stored."""

from oscar_subscriptions.payments.checks import keys, policies, stored

__all__ = ["keys", "policies", "stored"]

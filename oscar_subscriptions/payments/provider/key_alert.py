"""The alert that the provider refuses the shop's key, so that no payment works."""

from django.utils.translation import gettext_noop

from oscar_subscriptions import alerts

KEY = "provider-key"
# A restricted key that lacks one right is accepted for every other request, so that an answer does
# not prove that all is well: only an operator can resolve this alert.
RIGHT = "provider-right"


def key_refused(reason: str, *, lacks_right: bool) -> None:
    """Raise the alert, once until the provider answers again or an operator resolves it.

    Args:
        reason: the provider's message.
        lacks_right: the key is valid, but lacks a right.
    """
    key = RIGHT if lacks_right else KEY
    alerts.raise_alert(alerts.PROVIDER_KEY, key, reason=reason, lasting=True)


def key_accepted() -> None:
    """Close the alert, because the provider has answered."""
    alerts.settle(KEY, gettext_noop("The provider has answered."))

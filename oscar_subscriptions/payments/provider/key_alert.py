"""The provider refuses the shop's key: nobody can pay, nothing is confirmed. Somebody is told."""

from typing import Any

from django.utils.translation import gettext as _

from oscar_subscriptions import alerts

KEY = "provider-key"
# A restricted key that lacks one right is answered whenever it needs others, so that no answer
# says that all is well: an operator does.
RIGHT = "provider-right"


def refused(reason: Any, *, lacks_right: bool) -> None:
    """Raise the alert, once until the provider answers again, or an operator resolves it."""
    key = RIGHT if lacks_right else KEY
    alerts.raise_alert(alerts.PROVIDER_KEY, key, reason=str(reason), lasting=True)


def accepted() -> None:
    """Close the alert: the provider has answered."""
    alerts.settle(KEY, _("The provider has answered."))

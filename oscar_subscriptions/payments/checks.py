"""System checks of the payment set-up."""

from typing import Any

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Warning, register
from djstripe.settings import djstripe_settings

from oscar_subscriptions import conf
from oscar_subscriptions.payments import provider


@register("oscar_subscriptions")
def check_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E101, E102: there is a key, and no debugging with real money."""
    if not djstripe_settings.STRIPE_SECRET_KEY:
        return [
            Error(
                "Plans can't be paid: no secret key of Stripe is set.",
                hint="Set STRIPE_LIVE_MODE and STRIPE_LIVE_SECRET_KEY or STRIPE_TEST_SECRET_KEY.",
                id="oscar_subscriptions.E101",
            )
        ]
    if django_settings.DEBUG and provider.is_livemode():
        return [
            Error(
                "DEBUG is on with a live key: dj-stripe then takes the secret that a webhook is "
                "checked with from a header of the request itself.",
                hint="Set DEBUG = False, or use a test key.",
                id="oscar_subscriptions.E102",
            )
        ]
    return []


@register("oscar_subscriptions")
def check_session_minutes(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W101: the hosted page lives as long as Stripe allows."""
    minutes = conf.settings.SESSION_MINUTES
    if 30 <= minutes <= 24 * 60:
        return []
    return [
        Warning(
            f"OSCAR_SUBSCRIPTIONS_SESSION_MINUTES is {minutes}; Stripe accepts 30 to 1440.",
            hint="The nearest value that Stripe accepts is used.",
            id="oscar_subscriptions.W101",
        )
    ]

"""System checks of the payment settings."""

from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Warning, register
from djstripe.settings import djstripe_settings

from oscar_subscriptions import conf
from oscar_subscriptions.checks.database import TAG
from oscar_subscriptions.payments.provider import client


@register(TAG)
def check_key(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """E101, E102, E103: one key is used everywhere, and never with DEBUG if it is live."""
    if not djstripe_settings.STRIPE_SECRET_KEY:
        return [
            Error(
                "Plans can't be paid: no secret key of Stripe is set.",
                hint="Set STRIPE_LIVE_MODE and STRIPE_LIVE_SECRET_KEY or STRIPE_TEST_SECRET_KEY.",
                id="oscar_subscriptions.E101",
            )
        ]
    if _used_by_webhooks() != djstripe_settings.STRIPE_SECRET_KEY:
        return [
            Error(
                "Webhooks would read payments with another key than the one they are made with.",
                hint="Set STRIPE_LIVE_SECRET_KEY and STRIPE_TEST_SECRET_KEY alone, or to the same "
                "keys as STRIPE_SECRET_KEY.",
                id="oscar_subscriptions.E103",
            )
        ]
    # Any live key: the header works for every endpoint, whatever STRIPE_LIVE_MODE says.
    live = any("_live_" in key for key in djstripe_settings.get_api_keys())
    if django_settings.DEBUG and live:
        return [
            Error(
                "DEBUG is on with a live key: dj-stripe then takes the secret that a webhook is "
                "checked with from a header of the request itself.",
                hint="Set DEBUG = False, or use a test key.",
                id="oscar_subscriptions.E102",
            )
        ]
    return []


def _used_by_webhooks() -> str:
    key: str = djstripe_settings.get_default_api_key(client.is_livemode())
    return key


@register(TAG)
def check_base_url(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """E107, W106: members are sent back from Stripe's page to an address that they can reach."""
    base_url = conf.settings.BASE_URL
    hint = "Set it to scheme and host of the shop, such as https://shop.example."
    if base_url:
        parts = urlsplit(base_url)
        if parts.scheme in ("http", "https") and parts.hostname:
            return []
        return [
            Error(
                f"Plans can't be paid: OSCAR_SUBSCRIPTIONS_BASE_URL is {base_url!r}, and Stripe "
                "can't send members back there.",
                hint=hint,
                id="oscar_subscriptions.E107",
            )
        ]
    if django_settings.DEBUG:
        return []
    return [
        Warning(
            "OSCAR_SUBSCRIPTIONS_BASE_URL is not set: Stripe sends members back to the host and "
            "scheme of their requests, which are internal ones behind a proxy that changes them.",
            hint=hint,
            id="oscar_subscriptions.W106",
        )
    ]


@register(TAG)
def check_session_minutes(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """W101: Stripe accepts the lifetime of the hosted page."""
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


@register(TAG)
def check_doctor_questions(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """E108: the doctor knows how many questions it may put to the provider."""
    try:
        if conf.settings.DOCTOR_QUESTIONS >= 1:
            return []
    except (TypeError, ValueError):  # no number
        pass
    return [
        Error(
            "The doctor can't ask the provider: DOCTOR_QUESTIONS is no whole number from 1 up.",
            hint="Give OSCAR_SUBSCRIPTIONS_DOCTOR_QUESTIONS a number such as 500, or run the "
            "doctor with --no-provider.",
            id="oscar_subscriptions.E108",
        )
    ]

"""System checks of dj-stripe's rows: endpoints and keys.

Both can be changed in Django's admin, and dj-stripe uses them as they are.
"""

from collections.abc import Iterator

from django.core.checks import CheckMessage, Error, Warning
from djstripe.enums import APIKeyType, WebhookEndpointStatus, WebhookEndpointValidation
from djstripe.models import APIKey, WebhookEndpoint
from djstripe.settings import djstripe_settings

from oscar_subscriptions.checks.database import database_check
from oscar_subscriptions.payments.provider import client
from oscar_subscriptions.payments.provider.events import EVENTS

LONGEST_TOLERANCE = 600
EVERYTHING = "*"
REPAIR = "Run manage.py subscriptions_webhook."


@database_check("djstripe", "WebhookEndpoint")
def check_validation() -> Iterator[CheckMessage]:
    """E104, E105: every endpoint verifies signatures."""
    hint = "In Django's admin, set the endpoint's validation method to “Verify Signature”."
    for endpoint in WebhookEndpoint.objects.order_by("pk"):
        method = endpoint.djstripe_validation_method
        if method == WebhookEndpointValidation.none:
            yield Error(
                f"Anybody may write the events of the webhook endpoint {endpoint}: nothing is "
                "verified.",
                hint=hint,
                id="oscar_subscriptions.E104",
            )
        elif method != WebhookEndpointValidation.verify_signature:
            yield Error(
                f"The webhook endpoint {endpoint} refuses every event: its validation method does "
                "not work with the version of stripe that dj-stripe wants.",
                hint=hint,
                id="oscar_subscriptions.E105",
            )


@database_check("djstripe", "WebhookEndpoint")
def check_tolerance() -> Iterator[CheckMessage]:
    """W102: no endpoint accepts old events, which may have been recorded and replayed."""
    for endpoint in WebhookEndpoint.objects.order_by("pk"):
        seconds = endpoint.djstripe_tolerance
        if not 1 <= seconds <= LONGEST_TOLERANCE:
            yield Warning(
                f"The webhook endpoint {endpoint} takes events of any age: its tolerance is "
                f"{seconds} seconds."
                if seconds == 0
                else f"The webhook endpoint {endpoint} takes events that are {seconds} seconds "
                "old.",
                hint="In Django's admin, set the tolerance to 300. It is in seconds (dj-stripe's "
                "help text says milliseconds), and 0 means no limit.",
                id="oscar_subscriptions.W102",
            )


@database_check("djstripe", "WebhookEndpoint")
def check_events() -> Iterator[CheckMessage]:
    """W103, W104: an endpoint is enabled, and receives all events of ``EVENTS``."""
    own = WebhookEndpoint.objects.filter(livemode=client.is_livemode())
    enabled = list(own.exclude(status=WebhookEndpointStatus.disabled))
    if not enabled:
        yield Warning(
            "No webhook endpoint is enabled: a payment is noticed only when the browser comes "
            "back, or by the next run.",
            hint=REPAIR,
            id="oscar_subscriptions.W103",
        )
        return
    heard = {event for endpoint in enabled for event in endpoint.enabled_events}
    missing = [] if EVERYTHING in heard else [e for e in EVENTS if e not in heard]
    if missing:
        yield Warning(
            f"The webhook endpoint does not hear of {', '.join(missing)}.",
            hint=REPAIR,
            id="oscar_subscriptions.W104",
        )


@database_check("djstripe", "APIKey")
def check_stored_keys() -> Iterator[CheckMessage]:
    """W105: dj-stripe stores no other key than the shop's; webhooks might be processed with it."""
    stored = APIKey.objects.filter(type=APIKeyType.secret).order_by("pk")
    for key in stored.exclude(secret=djstripe_settings.STRIPE_SECRET_KEY):
        yield Warning(
            f"dj-stripe keeps the key {key.secret_redacted}, which payments are not made with. "
            "Webhooks of its account would use it: all of them fail if it is an old one, or one "
            "of the other mode.",
            hint="Delete it in Django's admin (API keys). The key in the settings is enough.",
            id="oscar_subscriptions.W105",
        )

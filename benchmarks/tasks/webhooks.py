"""Payments whose events are to be delivered, endpoints that receive them, and what is left."""

from __future__ import annotations

import uuid
from typing import Any

import stripe
from django.conf import settings
from django.db.models import F
from django.urls import reverse
from oscar.core.loading import get_model

from benchmarks.tasks import orders, payments, provider

EVENTS = ["checkout.session.completed"]


def endpoint(base_url: str) -> dict[str, str]:
    """Create a webhook endpoint at the provider and dj-stripe's row of it; return its address and
    its secret. The provider itself delivers nothing: that is measured."""
    from djstripe.models import WebhookEndpoint
    from djstripe.settings import djstripe_settings

    provider.connect()
    payments.control("delivery", drop="all")
    key = uuid.uuid4()
    path = reverse("djstripe:djstripe_webhook_by_uuid", kwargs={"uuid": key})
    made = stripe.WebhookEndpoint.create(
        api_key=settings.STRIPE_TEST_SECRET_KEY,
        url=base_url + path,
        enabled_events=EVENTS,
        api_version=djstripe_settings.STRIPE_API_VERSION,
        metadata={"djstripe_uuid": str(key)},
    )
    row = WebhookEndpoint.sync_from_stripe_data(made)
    row.secret = made.secret
    row.save(update_fields=["secret"])
    return {"url": base_url + path, "secret": made.secret}


def pay(count: int) -> None:
    """Let members pay ``count`` orders at the provider, of which the shop has not heard."""
    from oscar_subscriptions.payments.attempts import hosted

    provider.connect()
    for _ in range(count):
        attempt = hosted.begin(orders.place())
        hosted.hosted_page(attempt, payments.RETURN, payments.RETURN)
        attempt.refresh_from_db()
        payments.control(f"sessions/{attempt.session_id}/pay")


def left(since: int) -> dict[str, Any]:
    """Return how many attempts with a primary key above ``since`` are paid, how many are not, and
    how many questions about them are open."""
    rows = get_model("oscar_subscriptions_payments", "Attempt").objects.filter(pk__gt=since)
    return {
        "paid": rows.filter(status="paid").count(),
        "unpaid": rows.exclude(status="paid").count(),
        "due": rows.filter(asked__gt=F("answered")).count(),
    }


def newest_attempt() -> int:
    """Return the largest primary key of an attempt."""
    rows = get_model("oscar_subscriptions_payments", "Attempt").objects
    return rows.order_by("-pk").values_list("pk", flat=True).first() or 0

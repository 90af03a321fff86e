"""What the provider is asked for when it makes the page of an attempt."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language

from oscar_subscriptions import conf
from oscar_subscriptions.payments.payment_methods import stored
from oscar_subscriptions.payments.reconciliation import matching

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams

    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.protocols import OrderLine

# Languages to ask for on Stripe's page; in any other language the browser decides.
PROVIDER_LANGUAGES = {"fr", "en"}
# Stripe's minimum is 30 minutes by its own clock.
SHORTEST_MINUTES = 31
LONGEST_MINUTES = 24 * 60
# Parameters without which the page works as well: refused, they are left out.
CONVENIENCES = ("customer_email", "expires_at", "locale")


def _expires_at() -> datetime:
    minutes = min(max(conf.settings.SESSION_MINUTES, SHORTEST_MINUTES), LONGEST_MINUTES)
    return timezone.now() + timedelta(minutes=minutes)


def session_params(attempt: Attempt, success_url: str, cancel_url: str) -> SessionCreateParams:
    """Return the parameters of the page of ``attempt``; URLs as in ``hosted.hosted_page``.

    Raises the same as ``stored.customer_of``.
    """
    order, about = attempt.order, matching.about(attempt)
    line: OrderLine = order.lines.order_by("pk").first()
    language = (get_language() or "").split("-")[0]
    params: SessionCreateParams = {
        "mode": "payment",
        "client_reference_id": str(attempt.reference),
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": attempt.currency.lower(),
                    "unit_amount": attempt.amount,
                    "product_data": {"name": line.title},
                },
            }
        ],
        "metadata": about,
        "payment_intent_data": {"metadata": about},
        "success_url": success_url,
        "cancel_url": cancel_url,
        "expires_at": int(_expires_at().timestamp()),
        "locale": language if language in PROVIDER_LANGUAGES else "auto",
    }
    if attempt.keeps_payment_method:
        params["customer"] = stored.customer_of(attempt)
        params["payment_intent_data"]["setup_future_usage"] = "off_session"
    elif order.email:
        params["customer_email"] = order.email
    return params

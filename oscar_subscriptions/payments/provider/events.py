"""The provider's events that this app subscribes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from oscar_subscriptions.payments.provider import client

if TYPE_CHECKING:
    from stripe import Event

SESSION_EVENTS = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
)
# Stripe sends some of these under an older and a newer name; either alone would do.
REVERSAL_EVENTS = (
    "charge.refunded",
    "charge.refund.updated",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)
EVENTS = SESSION_EVENTS + REVERSAL_EVENTS


def events_since(moment: datetime, types: Iterable[str]) -> Iterator[Event]:
    """Yield the events of these types since ``moment``, newest first; Stripe keeps 30 days.

    Raises:
        ProviderUnavailableError: no answer; there may be more than was yielded.
    """
    created = int(moment.timestamp())
    try:
        with client.errors():
            found = client.connect().v1.events.list(
                {"created": {"gte": created}, "types": list(types), "limit": 100}
            )
            yield from found.auto_paging_iter()
    except client.RequestRefusedError as refusal:
        raise client.ProviderUnavailableError(str(refusal)) from refusal

"""The events of the provider that this app wants to hear of."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from oscar_subscriptions.payments.provider import client

SESSION_EVENTS = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
)
# Stripe announces some of these twice, by an older and a newer name; either alone would do.
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


def events_since(moment: datetime, types: Iterable[str]) -> Iterator[Any]:
    """Yield the events of these types since ``moment``, newest first; Stripe keeps 30 days.

    Raises:
        ProviderUnavailableError: no answer; what was not yielded is not known.
    """
    wanted: Any = {"created": {"gte": int(moment.timestamp())}, "types": list(types), "limit": 100}
    try:
        with client.errors():
            yield from client.connect().v1.events.list(wanted).auto_paging_iter()
    except client.RequestRefusedError as refusal:
        raise client.ProviderUnavailableError(str(refusal)) from refusal

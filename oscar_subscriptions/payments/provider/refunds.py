"""Refunds and disputes of a payment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from oscar_subscriptions.payments.provider import client

if TYPE_CHECKING:
    from stripe import Dispute, Refund
    from stripe.params import RefundCreateParams


def fetch_reversals(payment_intent_id: str) -> list[Refund | Dispute]:
    """Return all refunds and disputes of a payment, fetched now.

    Raises:
        ProviderUnavailableError: no answer.
    """
    try:
        with client.errors():
            stripe_v1 = client.connect().v1
            refunds = stripe_v1.refunds.list({"payment_intent": payment_intent_id, "limit": 100})
            disputes = stripe_v1.disputes.list({"payment_intent": payment_intent_id, "limit": 100})
            return [*refunds.auto_paging_iter(), *disputes.auto_paging_iter()]
    except client.RequestRefusedError as refusal:
        raise client.ProviderUnavailableError(str(refusal)) from refusal


def refunds_since(moment: datetime) -> Iterator[Refund]:
    """Yield the refunds created since ``moment``, newest first.

    Raises:
        ProviderUnavailableError: no answer; there may be more than was yielded.
    """
    created = int(moment.timestamp())
    try:
        with client.errors():
            found = client.connect().v1.refunds.list({"created": {"gte": created}, "limit": 100})
            yield from found.auto_paging_iter()
    except client.RequestRefusedError as refusal:
        raise client.ProviderUnavailableError(str(refusal)) from refusal


def disputes_since(moment: datetime) -> Iterator[Dispute]:
    """As :func:`refunds_since`, for disputes."""
    created = int(moment.timestamp())
    try:
        with client.errors():
            found = client.connect().v1.disputes.list({"created": {"gte": created}, "limit": 100})
            yield from found.auto_paging_iter()
    except client.RequestRefusedError as refusal:
        raise client.ProviderUnavailableError(str(refusal)) from refusal


def refund(payment_intent_id: str, idempotency_key: str) -> None:
    """Refund a whole payment; asked twice with one key, it is refunded once.

    Raises:
        ProviderUnavailableError: no answer; ask again with the same key.
        RequestRefusedError: there is nothing to refund.
    """
    _create({"payment_intent": payment_intent_id, "reason": "duplicate"}, idempotency_key)


def refund_once(payment_intent_id: str, reference: str, amount: int) -> None:
    """Refund ``amount`` minor units, for a member who asked for it; asked twice with one
    ``reference``, it is refunded once.

    A refusal is not the last word: the shop's balance may be topped up. Stripe remembers it with
    the key for a day, so whoever meets a remembered one goes on to the next key of ``reference``.

    Raises:
        ProviderUnavailableError: no answer, or another amount was asked for with this reference.
        RequestRefusedError: refused, now.
    """
    params: RefundCreateParams = {
        "payment_intent": payment_intent_id,
        "reason": "requested_by_customer",
        "amount": amount,
    }
    for number in range(1, client.KEYS):
        try:
            return _create(params, client.key_number(reference, number))
        except client.RequestRefusedError as refusal:
            if not refusal.is_remembered:
                raise
    return _create(params, client.key_number(reference, client.KEYS))


def _create(params: RefundCreateParams, idempotency_key: str) -> None:
    with client.errors():
        client.connect().v1.refunds.create(
            params=params, options={"idempotency_key": idempotency_key}
        )

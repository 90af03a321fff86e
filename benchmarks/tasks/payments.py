"""An order is paid: the term that it gives, the same told again, a payment that is reconciled."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from oscar.core.loading import get_model

from benchmarks import meter
from benchmarks.tasks import orders, provider

RETURN = "https://shop.example/"


def place_orders(count: int) -> list[int]:
    """Return the keys of new orders that nobody has paid."""
    return [orders.place().pk for _ in range(count)]


def pay(keys: list[int]) -> dict[str, float]:
    """Return what ``order_paid`` costs without its e-mails, on average of the orders ``keys``.

    E-mails leave after commit: what waits for that is dropped before the transaction ends.
    """
    remaining = iter(_orders(keys))

    def one() -> None:
        _without_mails(next(remaining))

    return meter.timed(one, len(keys))


def statements(key: int) -> dict[str, dict[str, int]]:
    """Return the statements of the ``first`` call of ``order_paid`` for an order, and of a
    ``repeated`` one."""
    counts = {}
    for name in ("first", "repeated"):
        [order] = _orders([key])
        with transaction.atomic():
            with meter.statements() as found:
                created = _order_paid(order).created
            _drop_what_waits_for_commit()
        assert created == (name == "first")
        counts[name] = found.as_json()
    return counts


def reconcile() -> dict[str, Any]:
    """Return the statements and the CPU of reconciling a payment that was made at the provider,
    with the e-mails that follow; calls to the provider are left out."""
    from oscar_subscriptions.payments.attempts import hosted
    from oscar_subscriptions.payments.reconciliation import reconcile as room

    provider.connect()
    attempt = hosted.begin(orders.place())
    hosted.hosted_page(attempt, RETURN, RETURN)
    attempt = get_model("oscar_subscriptions_payments", "Attempt").objects.get(pk=attempt.pk)
    control(f"sessions/{attempt.session_id}/pay")
    with meter.statements() as found:
        clock = meter.Clock()
        with provider.left_out(clock):
            assert room.reconcile(attempt).status == "paid"
        cost = clock.read()
    return {**cost, **found.as_json()}


def control(path: str, **values: Any) -> Any:
    """Call a control of the payment stand-in; return its answer."""
    request = urllib.request.Request(
        f"{settings.STRIPE_API_HOST}/_standin/{path}",
        json.dumps(values).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def _orders(keys: list[int]) -> list[Any]:
    rows = get_model("order", "Order").objects.in_bulk(keys)
    return [rows[key] for key in keys]


def _without_mails(order: Any) -> None:
    with transaction.atomic():
        assert _order_paid(order).created
        _drop_what_waits_for_commit()


def _drop_what_waits_for_commit() -> None:
    connection.run_on_commit = []


def _order_paid(order: Any) -> Any:
    from oscar_subscriptions import fulfilment

    return fulfilment.order_paid(order)

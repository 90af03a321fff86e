"""What can be refunded of an order, and under which key."""

from decimal import Decimal as D

import pytest
from django.db import transaction
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.payments.provider import refunds
from oscar_subscriptions.payments.reversals import refunding

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Reversal = get_model("oscar_subscriptions_payments", "Reversal")


@pytest.fixture
def attempt(shop):
    order = shop.make_order(shop.make_user("ada"))
    fulfilment.order_paid(order)
    return Attempt.objects.create(
        order=order, amount=24000, received=24000, currency="EUR", status="paid",
        session_id="cs_1", payment_intent_id="pi_1",
    )  # fmt: skip


def reverse(attempt, provider_id, amount, kind="refund", status="succeeded", **fields):
    attempt.reversals.create(
        provider_id=provider_id, kind=kind, status=status, amount=amount, currency="EUR", **fields
    )


def left(attempt):
    return [one.left for one in refunding.refundable(attempt.order)]


def test_what_went_back_is_not_left_and_what_failed_is(attempt):
    assert left(attempt) == [D(240)]
    reverse(attempt, "re_1", 6000)
    reverse(attempt, "re_2", 1000, status="pending")
    reverse(attempt, "re_3", 5000, status="failed")
    assert left(attempt) == [D(170)]
    reverse(attempt, "re_4", 17000)
    assert left(attempt) == []


@pytest.mark.parametrize(
    ("status", "is_gone", "expected"),
    [("needs_response", True, []), ("won", False, [D(240)]), ("lost", True, [])],
)
def test_what_is_disputed_is_not_left(attempt, status, is_gone, expected):
    reverse(attempt, "du_1", 24000, kind="dispute", status=status, is_money_gone=is_gone)
    assert left(attempt) == expected


@pytest.mark.parametrize("values", [{"status": "open"}, {"received": 0}, {"payment_intent_id": ""}])
def test_a_payment_that_brought_nothing_is_not_refunded(attempt, values):
    Attempt.objects.update(**values)
    assert refunding.refundable(attempt.order) == []


def test_the_key_changes_once_the_shop_knows_of_the_refund(attempt, monkeypatch):
    keys = []
    monkeypatch.setattr(refunds, "refund", lambda intent, key, units: keys.append((key, units)))
    monkeypatch.setattr(refunding, "reconcile", lambda attempt: None)
    reference = str(attempt.reference)
    for _again in range(2):
        refunding.refund(attempt.order, reference, D(100))
    refunding.refund(attempt.order, reference, D(50))
    reverse(attempt, "re_1", 10000)
    refunding.refund(attempt.order, reference, D(100))
    first, second, other, later = keys
    assert first == second == (f"refund-{reference}-0-10000", 10000)
    assert len({first, other, later}) == 3


def test_a_preview_does_what_a_refund_would_do(attempt):
    with transaction.atomic():
        refunding.foresee(attempt.order, str(attempt.reference), D(240))
        assert fulfilment.term_of(attempt.order).revoked_at is not None
        transaction.set_rollback(True)
    assert fulfilment.term_of(attempt.order).revoked_at is None
    assert not Reversal.objects.exists()

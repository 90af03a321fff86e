"""What can be refunded of an order, and under which key."""

from decimal import Decimal as D

import pytest
from django.db import transaction
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, gateway
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


@pytest.fixture
def asked(monkeypatch):
    """The keys and amounts with which the provider is asked; it has nothing new to tell."""
    asked = []
    monkeypatch.setattr(refunds, "refund_once", lambda _intent, *what: asked.append(what))
    monkeypatch.setattr(refunding, "reconcile", lambda attempt: attempt)
    return asked


def test_the_key_changes_once_the_shop_knows_of_the_refund(attempt, asked):
    reference = str(attempt.reference)
    for amount in (100, 100, 50):
        refunding.refund(attempt.order, reference, D(amount), D(240))
    reverse(attempt, "re_1", 10000)
    refunding.refund(attempt.order, reference, D(100), D(140))
    first, second, other, later = asked
    assert first == second == (f"refund-{reference}-24000-0", 10000)
    # The provider refuses a key with another amount: two operators at once refund one of them.
    assert other == (first[0], 5000)
    assert later == (f"refund-{reference}-14000-1", 10000)


def test_what_failed_is_refunded_again_with_another_key(attempt, asked):
    reverse(attempt, "re_1", 24000, status="failed")
    refunding.refund(attempt.order, str(attempt.reference), D(240), D(240))
    assert asked == [(f"refund-{attempt.reference}-24000-1", 24000)]


def test_nothing_is_refunded_if_less_is_left_than_the_operator_saw(attempt, asked):
    reverse(attempt, "re_1", 1)
    with pytest.raises(gateway.RefundOutdatedError):
        refunding.refund(attempt.order, str(attempt.reference), D(100), D(240))
    assert asked == []


def test_a_preview_does_what_a_refund_would_do(attempt):
    with transaction.atomic():
        refunding.foresee(attempt.order, str(attempt.reference), D(240))
        assert fulfilment.term_of(attempt.order).revoked_at is not None
        transaction.set_rollback(True)
    assert fulfilment.term_of(attempt.order).revoked_at is None
    assert not Reversal.objects.exists()

"""Refunds and disputes as rows."""

import pytest
from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Reversal = get_model("oscar_subscriptions_payments", "Reversal")


@pytest.fixture
def order(shop):
    return shop.make_order(shop.make_user())


def write(order, status="expired", **fields):
    return Attempt.objects.create(
        order=order, amount=24_000, currency="EUR", status=status, **fields
    )


def reversal(attempt, kind="dispute", status="lost", provider_id="dp_1"):
    return Reversal.objects.create(
        attempt=attempt, provider_id=provider_id, kind=kind, status=status, amount=1
    )


@pytest.mark.parametrize(
    ("kind", "status", "is_over"),
    [
        ("dispute", "lost", True),
        ("dispute", "won", True),
        ("dispute", "warning_closed", True),
        ("dispute", "under_review", False),
        ("dispute", "a status of tomorrow", False),
        ("refund", "succeeded", False),
    ],
)
def test_only_a_dispute_is_over(order, kind, status, is_over):
    assert reversal(write(order), kind, status).is_over is is_over


def test_a_reversal_is_one_row_however_often_it_is_reported(order):
    attempt = write(order)
    reversal(attempt)
    with pytest.raises(IntegrityError), transaction.atomic():
        reversal(attempt, status="won")

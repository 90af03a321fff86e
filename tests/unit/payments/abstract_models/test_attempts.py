"""What the rows of payments say of themselves, and what the database refuses."""

import pytest
from django.db import IntegrityError, models, transaction
from oscar.core.loading import get_model

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")
Reversal = get_model("oscar_subscriptions_payments", "Reversal")


@pytest.fixture
def order(shop):
    return shop.make_order(shop.make_user())


def write(order, status="expired", **fields):
    return Attempt.objects.create(
        order=order, amount=24_000, currency="EUR", status=status, **fields
    )


def test_an_order_has_one_open_attempt_and_any_number_that_are_over(order):
    for status in ("open", "expired", "expired", "paid", "paid"):
        write(order, status)
    with pytest.raises(IntegrityError), transaction.atomic():
        write(order, "open")


def test_a_session_belongs_to_one_attempt_and_many_may_have_none(order):
    write(order)
    write(order)
    write(order, session_id="cs_1")
    with pytest.raises(IntegrityError), transaction.atomic():
        write(order, session_id="cs_1")


def test_an_attempt_that_is_open_or_was_hinted_at_is_asked_about_oldest_first(order):
    hinted, opened = write(order, "paid"), write(order, "open")
    write(order, "refused")
    Attempt.objects.filter(pk=hinted.pk).mark_due()
    assert list(Attempt.objects.to_reconcile()) == [hinted, opened]
    assert list(Attempt.objects.open()) == [opened]


def test_each_hint_is_a_question_of_its_own(order):
    attempt = write(order, asked=2, answered=2)
    assert not attempt.is_due
    assert Attempt.objects.mark_due() == 1
    attempt.refresh_from_db()
    assert attempt.asked == 3 and attempt.is_due


@pytest.mark.parametrize(
    ("kind", "ids", "known_by"),
    [
        ("hosted", {}, ""),
        ("hosted", {"payment_intent_id": "pi_1"}, ""),
        ("hosted", {"session_id": "cs_1", "payment_intent_id": "pi_1"}, "cs_1"),
        ("off-session", {}, ""),
        ("off-session", {"payment_intent_id": "pi_1"}, "pi_1"),
    ],
)
def test_the_provider_is_asked_by_the_session_or_by_the_payment(order, kind, ids, known_by):
    attempt = write(order, kind=kind, **ids)
    assert attempt.provider_id == known_by
    assert Attempt.objects.at_provider().exists() == bool(known_by)


def test_an_order_with_an_attempt_can_not_be_deleted(order):
    write(order)
    with pytest.raises(models.ProtectedError):
        order.delete()


def reversal(attempt, kind="dispute", status="lost", provider_id="dp_1"):
    return Reversal.objects.create(
        attempt=attempt, provider_id=provider_id, kind=kind, status=status, amount=1
    )

"""What the rows of payments say of themselves, and what the database refuses."""

import pytest
from django.db import IntegrityError, models, transaction
from oscar.core.loading import get_model

from oscar_subscriptions.payments.reconciliation import lease

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Means = get_model("oscar_subscriptions_payments", "Means")
OrderLease = get_model("oscar_subscriptions_payments", "OrderLease")
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
    Attempt.objects.filter(pk=hinted.pk).hint()
    assert list(Attempt.objects.to_reconcile()) == [hinted, opened]
    assert list(Attempt.objects.open()) == [opened]


def test_each_hint_is_counted_and_dated(order):
    attempt = write(order, hints=2)
    assert Attempt.objects.hint() == 1
    attempt.refresh_from_db()
    assert attempt.hints == 3 and attempt.due_at is not None


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


def test_a_lease_goes_with_its_order(order):
    with lease.held(order.pk):
        pass
    order.delete()
    assert not OrderLease.objects.exists()


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


def test_a_member_has_one_means_of_each_mode_and_the_forgotten_ones_do_not_count(order):
    def means(user, livemode, customer_id):
        return Means.objects.create(user=user, livemode=livemode, customer_id=customer_id)

    means(order.user, False, "cus_1")
    means(order.user, True, "cus_2")
    with pytest.raises(IntegrityError), transaction.atomic():
        means(order.user, False, "cus_3")
    assert str(means(None, False, "cus_4")) == "–: cus_4"
    order.user.delete()
    assert Means.objects.filter(user=None).count() == 3

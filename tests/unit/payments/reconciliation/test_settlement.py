"""What an answer says of the money is written on the attempt, and only that."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.payments.reconciliation import settlement, verdict
from oscar_subscriptions.payments.reconciliation.verdict import Verdict

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")

SESSION = {"amount_total": 24_000, "payment_intent": {"id": "pi_1", "latest_charge": "ch_1"}}


@pytest.fixture
def attempt(shop):
    return shop.place_order(shop.make_user()).subscription_attempts.get()


def settled(attempt, result):
    attempts = list(attempt.order.subscription_attempts.all())
    settlement.settle(attempt, result, SESSION, attempts, None)
    return attempt.status, attempt.received


def test_an_unknown_session_is_over_when_it_is_old_and_open_before(attempt):
    asked_at = attempt.created_at + settlement.LONGEST_LIFE
    assert settlement.judge(None, attempt, asked_at).status == verdict.OPEN
    later = asked_at + timedelta(seconds=1)
    assert settlement.judge(None, attempt, later).status == verdict.EXPIRED
    attempt.livemode = True
    assert settlement.judge(None, attempt, timezone.now()).status == verdict.EXPIRED


def test_money_that_matches_is_paid_and_its_ids_are_kept(attempt):
    assert settled(attempt, Verdict(verdict.PAID)) == ("paid", 24_000)
    assert (attempt.payment_intent_id, attempt.charge_id) == ("pi_1", "ch_1")
    assert not attempt.is_surplus and not Alert.objects.exists()


def test_money_for_an_order_that_another_attempt_has_paid_is_a_second_payment(attempt):
    Attempt.objects.create(order=attempt.order, amount=24_000, currency="EUR", status="paid")
    assert settled(attempt, Verdict(verdict.PAID)) == ("paid", 24_000)
    assert attempt.is_surplus
    assert Alert.objects.get().kind == alerts.SECOND_PAYMENT


def test_money_that_does_not_match_is_kept_and_told(attempt):
    assert settled(attempt, Verdict(verdict.REFUSED, "amount")) == ("refused", 24_000)
    assert Alert.objects.get().kind == alerts.PAYMENT_MISMATCH


def test_a_page_that_closed_keeps_the_problem_of_before(attempt):
    attempt.problem = "card_declined"
    assert settled(attempt, Verdict(verdict.EXPIRED)) == ("expired", None)
    assert attempt.problem == "card_declined"

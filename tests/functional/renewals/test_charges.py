"""Daily runs charge a renewal on its days and on no others."""

from datetime import date, timedelta

import pytest

from oscar_subscriptions.daily_run import runner
from tests.functional.renewals.renewing import (
    CHARGED,
    LAST_DAY,
    SECOND_TRY,
    AutoRenewal,
    Order,
    Term,
)

pytestmark = pytest.mark.django_db(transaction=True)

DECLINED = "4000000000009995"


def test_a_run_that_was_dead_on_the_day_charges_when_it_lives_again(announced):
    announced.run(CHARGED + timedelta(days=4))
    assert announced.charges() == ["succeeded", "succeeded"]


def test_a_run_that_was_dead_until_the_term_was_over_charges_nothing(announced):
    announced.run(LAST_DAY + timedelta(days=1))
    assert announced.charges() == ["succeeded"]
    assert announced.planned.status == "dropped"
    assert AutoRenewal.objects.get().end_reason


def test_a_second_run_on_the_same_day_changes_nothing(announced):
    announced.turn_bad("4000000000009995")
    for _ in range(3):
        announced.run(CHARGED)
    assert announced.charges() == ["succeeded", "failed"]
    assert announced.mails() == ["renewal-announced", "renewal-failed"]


def test_it_is_tried_on_the_days_that_were_set_and_no_others(announced):
    announced.turn_bad(DECLINED)
    tried = []
    for days in range(9):
        announced.run(CHARGED + timedelta(days=days))
        tried.append(announced.charges().count("failed"))
    assert tried == [1, 1, 1, 2, 2, 2, 2, 3, 3]


def test_a_second_try_that_succeeds_renews(announced):
    announced.turn_bad(DECLINED)
    announced.run(CHARGED)
    announced.turn_bad("4242424242424242")
    announced.run(SECOND_TRY)
    assert Term.objects.count() == 2 and announced.planned.status == "done"
    assert Order.objects.count() == 2
    assert announced.mails() == ["renewal-announced", "renewal-failed"]


def test_a_provider_that_does_not_answer_is_asked_again_tomorrow(announced):
    announced.standin.fault(path="payment_intents", status=500, times=None)
    assert announced.run(CHARGED) != []
    assert announced.charges() == ["succeeded"] and announced.mails() == ["renewal-announced"]
    announced.standin.control("faults", "DELETE")
    assert announced.run(CHARGED + timedelta(days=1)) == []
    assert announced.charges() == ["succeeded", "succeeded"]
    assert announced.planned.tries == 1


def test_the_run_works_on_the_day_that_it_is_told(announced):

    announced.go_to(CHARGED - timedelta(days=1))
    said = [one.message for one in runner.run(CHARGED, dry_run=True)]
    assert any("charged" in line for line in said)
    assert announced.charges() == ["succeeded"] and Order.objects.count() == 1


def test_order_of_a_renewal_was_accepted_when_the_member_clicked_not_when_it_was_charged(announced):
    announced.run(CHARGED)
    first, second = Order.objects.order_by("pk")
    consent = AutoRenewal.objects.get()
    assert second.subscription_consent.accepted_at == consent.accepted_at
    assert second.date_placed.date() == CHARGED
    assert first.subscription_consent.accepted_at.date() == date(2017, 2, 3)

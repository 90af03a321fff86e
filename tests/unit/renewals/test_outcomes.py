"""A planned renewal ends in one of four ways, and its member hears of a bad end once."""

from datetime import timedelta

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment, gateway, journal
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.renewals import obstacles, outcomes, table
from tests.functional.renewals.renewing import (
    CHARGED,
    LAST_DAY,
    AutoRenewal,
    OutboxMail,
    PlannedRenewal,
)

Alert = get_model("oscar_subscriptions", "Alert")

PAID, PENDING = gateway.Charge(gateway.PAID), gateway.Charge(gateway.PENDING)
REFUSED = gateway.Charge(gateway.REFUSED, "insufficient_funds")
GIVEN_UP = gateway.Charge(gateway.GIVEN_UP)


@pytest.fixture
def begun(planned, shop, ada, time_machine):
    """The order is placed, and the first try begun."""
    time_machine.move_to(f"{CHARGED} 03:00+01:00", tick=False)
    planned.order, planned.tries = shop.make_order(ada), 1
    planned.status = "charging"
    planned.save()
    return planned


def now(planned):
    return PlannedRenewal.objects.get(pk=planned.pk)


def sent_mails():
    """The kinds of the e-mails about automatic renewal, the choice and the announcement apart."""
    rows = OutboxMail.objects.filter(kind__startswith="renewal").order_by("pk")
    return list(
        rows.exclude(kind__in=["renewal-on", "renewal-announced"]).values_list("kind", flat=True)
    )


def refusals(planned):
    return planned.auto_renewal.subscription.journal.filter(kind=journal.RENEWAL_REFUSED)


# The answer to a try.


def test_refusal_is_written_down_and_told(begun):
    assert outcomes.apply_charge(begun.pk, REFUSED)
    row = now(begun)
    assert (row.status, row.tries, row.problem) == ("waiting", 1, "insufficient_funds")
    line = refusals(begun).get()
    assert (line.detail, line.reason) == ({"order": begun.order.number}, "insufficient_funds")
    assert sent_mails() == ["renewal-failed"]


@pytest.mark.parametrize("answer", [REFUSED, GIVEN_UP], ids=["refused", "given-up"])
def test_answer_that_is_read_twice_changes_nothing(begun, answer):
    outcomes.apply_charge(begun.pk, answer)
    told = sent_mails()
    assert not outcomes.apply_charge(begun.pk, answer)
    assert now(begun).status == "waiting" and sent_mails() == told


def test_try_that_no_bank_was_asked_about_is_no_refusal_to_tell(begun):
    assert not outcomes.apply_charge(begun.pk, GIVEN_UP)
    assert (now(begun).status, sent_mails(), refusals(begun).count()) == ("waiting", [], 0)


def test_bank_that_has_not_answered_yet_leaves_the_try_open(begun):
    assert not outcomes.apply_charge(begun.pk, PENDING)
    assert (now(begun).status, now(begun).tries) == ("charging", 1)


def test_refusal_without_a_word_keeps_the_word_of_before(begun):
    outcomes.apply_charge(begun.pk, REFUSED)
    PlannedRenewal.objects.update(tries=2, status="charging")
    outcomes.apply_charge(begun.pk, gateway.Charge(gateway.REFUSED))
    assert (now(begun).status, now(begun).problem) == ("waiting", "insufficient_funds")


def test_last_refusal_ends_it_and_the_member_hears_that_alone(begun):
    PlannedRenewal.objects.update(tries=3)
    assert outcomes.apply_charge(begun.pk, REFUSED)
    assert now(begun).status == "failed"
    assert AutoRenewal.objects.get().end_reason == "insufficient_funds"
    assert sent_mails() == ["renewal-stopped"]


def test_payment_that_gave_its_term_ends_it_well(begun):
    assert not outcomes.apply_charge(begun.pk, PAID), "there is no term yet"
    fulfilment.order_paid(begun.order)
    assert outcomes.apply_charge(begun.pk, PAID)
    assert (now(begun).status, sent_mails()) == ("done", [])
    assert not outcomes.apply_charge(begun.pk, REFUSED), "it has ended"
    assert not Alert.objects.exists(), "it was wanted"


def test_payment_that_nobody_wanted_any_more_is_reported_once(begun):
    fulfilment.order_paid(begun.order)
    auto_renewal.switch_off(begun.auto_renewal.subscription)
    assert outcomes.apply_charge(begun.pk, PAID)
    alert = Alert.objects.get()
    assert (alert.kind, alert.order) == (alerts.CHARGED_UNWANTED, begun.order)
    assert alert.subscription == begun.auto_renewal.subscription
    Alert.objects.all().delete()
    assert not outcomes.apply_charge(begun.pk, PAID), "it is read twice"
    assert now(begun).status == "done" and not Alert.objects.exists()


# How many tries.


@pytest.mark.parametrize(("tries", "are_left"), [(0, True), (2, True), (3, False)])
def test_tries_are_as_many_as_were_set(planned, tries, are_left):
    planned.tries = tries
    assert outcomes.tries_are_left(planned) == are_left


@pytest.mark.parametrize(("days", "are_left"), [(0, True), (1, False)])
def test_no_try_comes_after_the_term(planned, days, are_left):
    planned.tries, planned.charge_on = 1, LAST_DAY - timedelta(days=3) + timedelta(days=days)
    assert outcomes.tries_are_left(planned) == are_left


# Dropped.


def test_obstacle_that_is_not_the_choices_end_leaves_the_choice(planned):
    assert outcomes.meet(planned, obstacles.Obstacle("Renewed by hand."))
    assert (now(planned).status, now(planned).problem) == ("dropped", "Renewed by hand.")
    assert auto_renewal.is_on(planned.auto_renewal.subscription)


def about_the_end():
    """The facts of the mail that automatic renewal has ended."""
    return OutboxMail.objects.get(kind="renewal-stopped").context


def test_fault_101_member_who_was_told_of_no_order_hears_that_it_has_ended(planned):
    outcomes.meet(planned, obstacles.Obstacle("It has ended.", ends_consent=True))
    assert AutoRenewal.objects.get().end_reason == "It has ended."
    assert about_the_end() == {"consent": planned.auto_renewal.pk}, "it speaks of no order"


def test_member_who_was_told_of_an_order_hears_that_it_is_not_charged(begun):
    outcomes.meet(begun, obstacles.Obstacle("It was cancelled.", ends_consent=True))
    assert AutoRenewal.objects.get().end_reason == "It was cancelled."
    assert sent_mails() == ["renewal-stopped"]


def test_fault_101_member_whose_term_was_taken_back_hears_that_nothing_is_renewed(begun):
    ledger.revoke(begun.follows, reason="refund")
    outcomes.meet(
        outcomes.locked_renewal(begun.pk), obstacles.Obstacle("It has ended.", ends_consent=True)
    )
    assert AutoRenewal.objects.get().ended_at
    assert about_the_end() == {"consent": begun.auto_renewal.pk}, "it says nothing of a bank"


def test_long_problem_is_cut_and_never_loses_the_end(planned):
    outcomes.happen(planned, table.OBSOLETE, "x" * 1000)
    assert len(now(planned).problem) == 255

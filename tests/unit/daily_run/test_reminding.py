"""Reminders are written for terms whose day has come, that something happened to, or in turn."""

from datetime import date
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.daily_run import checkpoints, reminding, turns, work
from oscar_subscriptions.mail import outbox, sending
from oscar_subscriptions.reminders import opt_out

OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")

LAST = date(2018, 2, 3)
# No reminder has this day, with 30, 7 and 1 days before the last.
BETWEEN = date(2018, 1, 10)


@pytest.fixture
def members(shop, time_machine, monkeypatch):
    """Four members whose terms end on 3 February 2018; two rows a batch."""
    monkeypatch.setattr(work, "BATCH", 2)
    time_machine.move_to("2017-02-03 12:00+01:00")
    users = [shop.make_user(f"m{number}") for number in range(4)]
    for user in users:
        shop.grant(user)
    return users


@pytest.fixture
def large(monkeypatch):
    """A shop so large that one term a run has a turn."""
    monkeypatch.setattr(turns, "IN_TURN", 1)


def run(day, dry_run=False):
    outcomes = list(reminding.remind_members(day, dry_run))
    assert not [outcome for outcome in outcomes if outcome.failed]
    return len(outcomes)


def keys():
    return sorted(OutboxMail.objects.values_list("key", flat=True))


def forget():
    OutboxMail.objects.all().delete()


def test_the_first_run_looks_at_every_term_with_a_reminder(members, large):
    assert run(BETWEEN) == 4


@pytest.mark.parametrize("day", [date(2018, 1, 4), date(2018, 1, 27), date(2018, 2, 2), LAST])
def test_terms_whose_day_has_come_are_found_without_looking_at_the_others(members, large, day):
    run(day - date.resolution)
    assert run(day) == 4
    assert run(day) == 0


def test_the_day_after_the_last_is_a_reminders_too(members, large):
    run(LAST)
    assert run(LAST + date.resolution) == 4


def test_days_without_a_run_are_made_up_for(members, large):
    run(date(2018, 1, 1))
    assert run(date(2018, 1, 20)) == 4
    assert {key.rpartition("-")[2] for key in keys()} == {"30"}


def test_who_wants_reminders_again_gets_the_one_that_was_missed(members, large, time_machine):
    time_machine.move_to("2018-01-10 12:00+01:00")
    Subscription.objects.update(reminders_off_at="2017-03-01T00:00Z")
    assert run(BETWEEN) == 0
    opt_out.switch(members[3].oscar_subscriptions.get(), True)
    assert run(BETWEEN) == 1


def test_who_loses_the_next_year_is_reminded_of_this_one(shop, members, large, time_machine):
    time_machine.move_to("2018-01-10 12:00+01:00")
    for user in members:
        shop.grant(user, starts_on=LAST + date.resolution)
    run(BETWEEN)
    assert keys() == []
    time_machine.move_to("2018-01-15 12:00+01:00")
    fulfilment.revoke(Term.objects.filter(starts_on__gt=LAST).last(), reason="test")
    assert run(date(2018, 1, 15)) == 1


def test_what_a_script_has_changed_is_found_when_its_turn_comes(members, large):
    run(BETWEEN)
    forget()
    assert [run(BETWEEN) for _ in members] == [1, 1, 1, 1]


def test_in_a_small_shop_every_run_finds_it(members):
    run(BETWEEN)
    forget()
    assert run(BETWEEN) == 4


def test_a_dry_run_says_the_same_writes_nothing_and_counts_the_mails(members):
    assert run(BETWEEN, dry_run=True) == 4
    assert work.mails_foretold() == 4
    assert keys() == []
    assert checkpoints.get(reminding.CHECKPOINT) is None
    assert run(BETWEEN) == 4


def test_fault_72_a_member_whose_mail_can_not_be_written_keeps_it_from_nobody(members):
    language_of = outbox.language_of

    def poisoned(subscription):
        if subscription.user == members[1]:
            raise RuntimeError("poisoned")
        return language_of(subscription)

    with mock.patch.object(outbox, "language_of", poisoned):
        outcomes = list(reminding.remind_members(BETWEEN, False))
    assert sorted(outcome.failed for outcome in outcomes) == [False, False, False, True]
    assert run(BETWEEN) == 1


def test_a_batch_is_written_in_a_fixed_number_of_statements(members, monkeypatch):
    monkeypatch.setattr(work, "BATCH", 500)
    Subscription.objects.update(language="fr")  # else the others of the member are asked for theirs

    def cost():
        forget()
        with CaptureQueriesContext(connection) as queries:
            run(BETWEEN)
        return len(queries)

    run(BETWEEN)
    four = cost()
    Term.objects.filter(subscription__user__in=members[1:]).update(revoked_at="2018-01-01T00:00Z")
    assert cost() == four


def test_a_run_with_nothing_due_costs_the_same_however_many_terms_run(shop, members, large):
    run(date(2017, 6, 1))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert run(date(2017, 6, 1)) == 0
        return len(queries)

    few = cost()
    for number in range(6):
        shop.grant(shop.make_user(f"more{number}"))
    assert cost() == few


@pytest.mark.parametrize("day", [date(2018, 1, 4), LAST, date(2018, 2, 4)])
def test_a_reminder_costs_at_most_six_statements_from_writing_to_sent(
    shop, time_machine, sent_mails, day
):
    """Savepoints of the batch included; a plan's price is asked for once for many."""
    time_machine.move_to("2017-02-03 12:00+01:00")
    users = [shop.make_user(f"m{number}") for number in range(50)]
    for user in users:
        shop.grant(user)
    Subscription.objects.update(language="fr")
    run(day - date.resolution)
    forget()
    time_machine.move_to(f"{day} 12:00+01:00")
    with CaptureQueriesContext(connection) as queries:
        assert run(day) == len(users)
        assert sending.send_due() == len(users)
    assert all(sent_mails(user.email) for user in users)
    assert len(queries) / len(users) <= 6

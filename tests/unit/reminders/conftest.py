"""A member whose days are lived through by the run, for the tests of reminders."""

from datetime import date, timedelta

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.daily_run import reminding, runner, steps
from tests.mails import noon

Term = get_model("oscar_subscriptions", "Term")
LAST = date(2018, 2, 3)


@pytest.fixture(autouse=True)
def two_steps(monkeypatch):
    """A year of runs, without the steps that have tests of their own."""
    monkeypatch.setattr(runner, "_STEPS", [reminding.remind_members, steps.send_outbox])


@pytest.fixture
def user(shop, time_machine):
    """A member whose only term ends on 3 February 2018."""
    time_machine.move_to("2017-02-03 12:00+01:00")
    user = shop.make_user()
    shop.grant(user)
    return user


@pytest.fixture
def term(user):
    return Term.objects.get()


@pytest.fixture
def live(time_machine, sent_mails):
    """``live(-7)`` – the run seven days before the last day; what the member gets by it."""

    def live(*days):
        before = len(sent_mails("member@example.com"))
        for number in days:
            time_machine.move_to(noon(LAST + timedelta(days=number)))
            assert not [outcome for outcome in runner.run() if outcome.failed]
        return [message.subject for message in sent_mails("member@example.com")[before:]]

    return live

"""A seller who lapses, and the steps of the run, for the tests of the daily run."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.reminders import mails

Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def steps(monkeypatch):
    """The steps as they are, so that a test may add its own."""
    own = list(runner._STEPS)
    monkeypatch.setattr(runner, "_STEPS", own)
    return own


@pytest.fixture
def no_reminders(monkeypatch):
    """They have tests of their own, below ``tests/unit/reminders``."""
    monkeypatch.setattr(mails, "to_write", lambda day: Term.objects.none())


@pytest.fixture
def seller(shop, time_machine):
    """A seller whose term ends on 3 February 2018."""
    time_machine.move_to("2017-02-03 12:00+01:00")
    return shop.make_seller("ada")


@pytest.fixture
def service(shop, seller):
    return shop.make_service(seller)


@pytest.fixture
def lapse(service, time_machine):
    return lambda: time_machine.move_to("2018-02-04 03:00+01:00")

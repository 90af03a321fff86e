"""An action is carried out only with the effects that were seen."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, privacy
from oscar_subscriptions.dashboard.actions import effects, trial
from oscar_subscriptions.fulfilment import ledger

Alert = get_model("oscar_subscriptions", "Alert")


@pytest.fixture
def term(shop):
    return shop.grant(shop.make_user("ada"))


@pytest.fixture
def people(term):
    return [privacy.Person(term.subscription.user, "ada@example.com")]


def suspend(term):
    return lambda: ledger.suspend(term, reason="dispute")


def test_what_was_not_seen_is_undone(term, people):
    outcome = trial.run(suspend(term), people)
    assert not outcome.is_done and outcome.effects
    term.refresh_from_db()
    assert term.suspended_at is None


def test_what_was_seen_is_done(term, people):
    seen = effects.fingerprint(trial.run(suspend(term), people).effects)
    assert trial.run(suspend(term), people, seen).is_done
    term.refresh_from_db()
    assert term.suspended_at is not None


def test_an_action_that_fails_leaves_nothing(term, people):
    def fail():
        suspend(term)()
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        trial.run(fail, people)
    term.refresh_from_db()
    assert term.suspended_at is None


def test_of_several_members_each_change_names_its_own(shop, term, people):
    other = shop.make_user("bea", first_name="Bea", last_name="Roy")
    both = [*people, privacy.Person(other, other.email)]
    found = trial.run(suspend(term), both).effects
    assert all(effect.words.startswith("ada@example.com: ") for effect in found)


def test_an_alert_of_a_trial_is_neither_kept_nor_logged(term, people, caplog):
    def raise_alert():
        alerts.raise_alert(alerts.REVERSAL, "re_1", subscription=term.subscription)

    found = trial.run(raise_alert, people).effects
    assert found[0].words.startswith("This alert is raised:")
    assert not Alert.objects.exists() and not caplog.records

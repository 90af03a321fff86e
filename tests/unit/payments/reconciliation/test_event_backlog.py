"""Events that nobody heard of are read from the provider's list."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions.daily_run import checkpoints
from oscar_subscriptions.payments.abstract_models.attempts import DUE
from oscar_subscriptions.payments.attempts import hosted
from oscar_subscriptions.payments.provider import client, events, key_alert
from oscar_subscriptions.payments.reconciliation import event_backlog
from tests.bank import Payment

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")

DAY = date(2017, 2, 3)


@pytest.fixture
def payment(shop, standin):
    """Paid; the shop has heard nothing of it."""
    return Payment(shop, standin).pay()


@pytest.fixture
def asked(monkeypatch):
    """The moments since which the provider was asked for events; it has none."""
    moments = []

    def events_since(moment, types):
        moments.append(moment)
        return iter(())

    monkeypatch.setattr(events, "events_since", events_since)
    return moments


def read(dry_run=False):
    return [
        (outcome.message, outcome.failed) for outcome in event_backlog.read_events(DAY, dry_run)
    ]


def due():
    return Attempt.objects.filter(DUE)


def mark():
    return checkpoints.reached(event_backlog.CHECKPOINT)


def test_an_attempt_that_an_event_is_about_is_due_and_the_mark_is_the_newest_event(
    shop, standin, payment
):
    untouched = hosted.begin(shop.make_order(shop.make_user("other")))
    assert read() == [("1 payments touched by events of the provider", False)]
    assert list(due()) == [payment.attempt]
    newest = max(event["created"] for event in standin.events())
    assert mark() == datetime.fromtimestamp(newest, UTC)
    assert Attempt.objects.get(pk=untouched.pk).asked == 0


def test_a_dry_run_says_the_same_and_writes_nothing(payment):
    key_alert.key_refused("Expired", lacks_right=False)
    assert read(dry_run=True) == [("1 payments touched by events of the provider", False)]
    assert not due().exists() and mark() is None
    assert Alert.objects.open().exists()


def test_an_event_that_can_not_be_followed_stops_no_other_and_is_read_again(standin, payment):
    payment.refund()
    sick = standin.events()[-1]
    standin.control("amend", id=sick["id"], set={"data": None})
    (message, failed), touched = read()
    assert failed and message.startswith(f"event {sick['id']}: ")
    assert touched == ("1 payments touched by events of the provider", False)
    assert list(due()) == [payment.attempt] and mark() is None


def test_a_list_that_was_read_says_that_the_key_is_accepted(payment):
    key_alert.key_refused("Expired", lacks_right=False)
    read()
    assert not Alert.objects.open().exists()


def test_a_provider_that_does_not_answer_moves_no_mark(standin, payment, monkeypatch):
    monkeypatch.setattr(client, "NETWORK_RETRIES", 0)
    standin.fault(status=500, times=None)
    with pytest.raises(client.ProviderUnavailableError):
        read()
    assert not due().exists() and mark() is None


def test_without_a_payment_nobody_is_asked(db, asked):
    assert read() == [] and asked == []


def test_the_first_reading_begins_a_little_before_the_first_attempt(shop, asked):
    attempt = hosted.begin(shop.make_order(shop.make_user()))
    assert read() == []
    assert asked == [attempt.created_at - event_backlog.OVERLAP]


def test_the_next_reading_begins_a_little_before_the_mark(asked, db):
    reached = timezone.now() - timedelta(days=3)
    checkpoints.reach(event_backlog.CHECKPOINT, reached)
    assert read() == []
    assert asked == [reached - event_backlog.OVERLAP]
    assert mark() == reached, "nothing was read"


def test_no_reading_begins_before_the_list_of_the_provider_does(asked, db):
    checkpoints.reach(event_backlog.CHECKPOINT, timezone.now() - timedelta(days=300))
    read()
    [since] = asked
    assert (
        event_backlog.LISTED <= timezone.now() - since < event_backlog.LISTED + timedelta(minutes=1)
    )

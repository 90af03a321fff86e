"""What became of the e-mails to a member."""

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions.dashboard.subscriptions import mails

OutboxMail = get_model("oscar_subscriptions", "OutboxMail")


@pytest.fixture
def subscription(shop):
    subscription = shop.grant(shop.make_user("ada")).subscription
    OutboxMail.objects.all().delete()
    return subscription


def make(subscription, key="1", kind="granted", **fields):
    user = subscription.user
    return OutboxMail.objects.create(kind=kind, key=key, user=user, email=user.email, **fields)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "waits to be sent"),
        ({"tries": 1, "last_error": "busy"}, "not sent, 1 try"),
        ({"tries": 3}, "not sent, 3 tries"),
        ({"dropped_at": timezone.now()}, "not sent: it was no longer true"),
    ],
)
def test_each_says_what_became_of_it(subscription, fields, status):
    make(subscription, **fields)
    [shown] = mails.newest(subscription)
    assert (shown.name, shown.status) == ("Subscription: given", status)
    assert shown.error == fields.get("last_error", "")


def test_one_that_was_sent_says_when(subscription, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)
    make(subscription, sent_at=timezone.now())
    [shown] = mails.newest(subscription)
    assert shown.status == "sent on Feb. 3, 2017, noon"


def test_the_newest_come_first_and_no_page_is_endless(subscription, shop, monkeypatch):
    monkeypatch.setattr(mails, "SHOWN", 2)
    rows = [make(subscription, str(number), kind="of-the-shop") for number in range(3)]
    make(shop.grant(shop.make_user("bea")).subscription, "other")
    shown = mails.newest(subscription)
    assert [one.row for one in shown] == [rows[2], rows[1]]
    assert shown[0].name == "of-the-shop"

"""Alerts: one for each fact, seen until an operator decides or the cause is gone."""

import pytest
from django.contrib.auth import get_user_model
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.mail import kinds

Alert = get_model("oscar_subscriptions", "Alert")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")

MANAGER = "operator@example.com"
KEY = "order-1-refused"


@pytest.fixture
def clerk(db):
    return get_user_model().objects.create_user(
        "clerk", "clerk@example.com", first_name="Jo", last_name="Clerk", is_staff=True
    )


def raise_it(**fields):
    return alerts.raise_alert(
        **{"kind": alerts.ORDER_REFUSED, "key": KEY, "reason": "no plan"} | fields
    )


def mails():
    return OutboxMail.objects.filter(kind=kinds.ALERT).count()


def test_the_same_fact_is_one_alert_and_one_mail(db):
    assert [raise_it(), raise_it(), raise_it(reason="again")] == [True, False, False]
    alert = Alert.objects.get()
    assert (alert.times, alert.reason) == (1, "no plan")
    assert mails() == 1


def test_another_key_is_another_alert(db):
    assert raise_it() and raise_it(key="order-2-refused")
    assert Alert.objects.open().count() == mails() == 2


def test_what_an_operator_resolved_stays_resolved(clerk):
    raise_it()
    assert alerts.resolve(Alert.objects.get(), actor=clerk, note=" refunded by hand ")
    alert = Alert.objects.get()
    assert (alert.note, alert.resolved_by, alert.resolved_by_name) == (
        "refunded by hand",
        clerk,
        "Jo Clerk",
    )
    assert not raise_it()
    assert not Alert.objects.open().exists()
    assert mails() == 1


def test_what_an_operator_resolved_stays_resolved_when_the_account_is_gone(clerk):
    raise_it()
    alerts.resolve(Alert.objects.get(), actor=clerk, note="done")
    clerk.delete()
    assert not raise_it()
    assert not alerts.reopen(KEY)


def test_lasting_condition_is_raised_anew_with_what_is_said_this_time(clerk):
    raise_it(lasting=True)
    assert not raise_it(lasting=True)
    alerts.resolve(Alert.objects.get(), actor=clerk, note="new key")
    assert raise_it(lasting=True, reason="again", detail={"order": "7"})
    alert = Alert.objects.open().get()
    assert (alert.times, alert.reason, alert.detail) == (2, "again", {"order": "7"})
    assert mails() == 2
    assert not raise_it(lasting=True)


def test_cause_that_was_gone_and_is_back_is_not_silent(db):
    raise_it()
    assert alerts.settle(KEY, "the money has gone back")
    assert not Alert.objects.open().exists()
    assert raise_it(reason="the refund failed")
    alert = Alert.objects.open().get()
    assert (alert.times, alert.reason) == (2, "the refund failed")
    assert mails() == 2


def test_settled_after_an_operator_had_resolved_it_once_counts_as_settled(clerk):
    raise_it(lasting=True)
    alerts.resolve(Alert.objects.get(), actor=clerk, note="new key")
    raise_it(lasting=True)
    alerts.settle(KEY, "gone")
    alert = Alert.objects.get()
    assert (alert.note, alert.resolved_by, alert.resolved_by_name) == ("gone", None, "")
    assert raise_it()


def test_reopen_brings_back_what_was_settled_and_nothing_else(clerk):
    assert not alerts.reopen(KEY)
    raise_it(detail={"order": "100007"})
    assert not alerts.reopen(KEY), "it is open"
    alerts.settle(KEY, "gone")
    assert alerts.reopen(KEY)
    alert = Alert.objects.open().get()
    assert (alert.times, alert.reason, alert.detail) == (2, "no plan", {"order": "100007"})
    alerts.resolve(alert, actor=clerk, note="done")
    assert not alerts.reopen(KEY)


def test_settling_what_is_not_open_changes_nothing(clerk):
    assert not alerts.settle(KEY, "gone")
    raise_it()
    alerts.resolve(Alert.objects.get(), actor=clerk, note="done")
    assert not alerts.settle(KEY, "gone")
    assert Alert.objects.get().note == "done"


def test_resolving_twice_overwrites_nothing(clerk):
    raise_it()
    seen_by_another = Alert.objects.get()
    assert alerts.resolve(Alert.objects.get(), actor=clerk, note="first")
    assert not alerts.resolve(seen_by_another, actor=clerk, note="second")
    assert Alert.objects.get().note == "first"


def test_operator_who_has_not_seen_that_it_was_raised_again_does_not_close_it(clerk):
    raise_it()
    stale = Alert.objects.get()
    alerts.settle(KEY, "gone")
    raise_it()
    assert not alerts.resolve(stale, actor=clerk, note="about the first time")
    assert Alert.objects.open().exists()


@pytest.mark.parametrize("note", ["", "  \n"])
def test_alert_is_not_resolved_without_a_note(clerk, note):
    raise_it()
    with pytest.raises(ValueError, match="note"):
        alerts.resolve(Alert.objects.get(), actor=clerk, note=note)
    assert Alert.objects.open().exists()


def test_clerk_without_a_name_is_known_by_the_account(db):
    raise_it()
    clerk = get_user_model().objects.create_user("clerk")
    alerts.resolve(Alert.objects.get(), actor=clerk, note="done")
    assert Alert.objects.get().resolved_by_name == "clerk"


def test_alert_keeps_what_it_is_about_when_the_order_is_deleted(shop):
    order = shop.make_order(shop.make_user())
    raise_it(order=order)
    number = order.number
    order.delete()
    assert number in alerts.title(Alert.objects.get())

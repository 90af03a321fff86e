"""Which mails are tried, and for how long."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

Alert = get_model("oscar_subscriptions", "Alert")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")


def make_mail(key="1", days=0, **fields):
    row = OutboxMail.objects.create(kind="a", key=key, email="ada@example.com", **fields)
    OutboxMail.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=days))
    return row


@pytest.mark.parametrize(
    ("tries", "days", "is_due"), [(29, 31, True), (30, 29, True), (30, 31, False)]
)
def test_a_mail_is_given_up_only_after_many_tries_and_a_month(db, tries, days, is_due):
    make_mail(days=days, tries=tries)
    assert OutboxMail.objects.due(timezone.now()).exists() is is_due
    assert OutboxMail.objects.tried_in_vain().get().can_be_tried is is_due


def test_a_claimed_mail_waits_until_its_lease_expires(db):
    now = timezone.now()
    make_mail(claimed_at=now)
    assert not OutboxMail.objects.due(now).exists()
    assert OutboxMail.objects.due(now + timedelta(seconds=1)).exists()


@pytest.mark.parametrize("end", ["sent_at", "dropped_at"])
def test_a_sent_or_dropped_mail_is_tried_no_more(db, end):
    make_mail(**{end: timezone.now()}, tries=1)
    assert not OutboxMail.objects.due(timezone.now()).exists()
    assert not OutboxMail.objects.tried_in_vain().exists()


def test_those_that_failed_least_often_come_first(db):
    often, never = make_mail("1", tries=2), make_mail("2")
    assert [*OutboxMail.objects.due(timezone.now())] == [never, often]


def test_an_alert_is_open_until_it_is_resolved(db):
    alert = Alert.objects.create(key="1")
    assert [*Alert.objects.open()] == [alert]
    Alert.objects.update(resolved_at=timezone.now())
    assert not Alert.objects.open().exists()

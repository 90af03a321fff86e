"""What happened, and what members are told of it."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, models, transaction
from oscar.core.loading import get_model

from oscar_subscriptions import journal

OutboxMail = get_model("oscar_subscriptions", "OutboxMail")


def test_an_outbox_row_is_unique_by_kind_and_key(db):
    OutboxMail.objects.create(kind="a", key="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMail.objects.create(kind="a", key="1")


def test_an_outbox_row_survives_its_member(shop):
    user = shop.make_user()
    row = OutboxMail.objects.create(kind="a", key="1", user=user, email=user.email)
    user.delete()
    row.refresh_from_db()
    assert (row.user, row.email) == (None, "member@example.com")
    assert str(row) == "a 1"


def test_the_journal_is_read_in_the_order_of_events_and_not_of_writing(shop):
    subscription = shop.grant(shop.make_user()).subscription
    for year in (2018, 2017, 2019):
        subscription.journal.create(kind=f"in {year}", at=datetime(year, 2, 3, tzinfo=UTC))
    assert [line.kind for line in subscription.journal.all()] == ["in 2017", "in 2018", "in 2019"]
    assert str(subscription.journal.first()) == "2017-02-03 00:00 in 2017"


def test_a_subscription_with_a_history_can_t_be_deleted(shop):
    user = shop.make_user()
    subscription = shop.plan.subscriptions.create(user=user)
    journal.record(subscription, journal.REMINDERS_OFF)
    with pytest.raises(models.ProtectedError), transaction.atomic():
        subscription.delete()

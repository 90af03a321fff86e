"""Alerts and checkpoints: one row for one fact, and the newest alert first."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

Alert = get_model("oscar_subscriptions", "Alert")
Checkpoint = get_model("oscar_subscriptions", "Checkpoint")


def test_a_fact_is_one_alert_whatever_its_kind(db):
    alert = Alert.objects.create(key="order-1", kind="reversal")
    assert (str(alert), alert.times) == ("reversal order-1", 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.create(key="order-1", kind="second-payment")


def test_alerts_are_listed_with_the_newest_first(db):
    for year in (2018, 2017, 2019):
        Alert.objects.create(key=str(year), kind="a", raised_at=datetime(year, 2, 3, tzinfo=UTC))
    assert [alert.key for alert in Alert.objects.all()] == ["2019", "2018", "2017"]


def test_an_alert_survives_whatever_it_is_about(shop):
    operator, user = shop.make_user("operator"), shop.make_user()
    order, subscription = shop.make_order(user), shop.plan.subscriptions.create(user=user)
    alert = Alert.objects.create(
        key="a",
        kind="reversal",
        order=order,
        subscription=subscription,
        resolved_by=operator,
        resolved_by_name="Olga Petit",
    )
    for row in (order, subscription, operator):
        row.delete()
    alert.refresh_from_db()
    assert (alert.order, alert.subscription, alert.resolved_by) == (None, None, None)
    assert alert.resolved_by_name == "Olga Petit"


def test_a_checkpoint_is_one_moment_for_one_name(db):
    at = datetime(2017, 2, 3, 12, 30, tzinfo=UTC)
    assert str(Checkpoint.objects.create(name="run", at=at)) == "run: 2017-02-03 12:30"
    with pytest.raises(IntegrityError), transaction.atomic():
        Checkpoint.objects.create(name="run", at=at)

"""Operators are told when the provider refuses the shop's key, and when it accepts it again."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.payments.provider import key_alert

Alert = get_model("oscar_subscriptions", "Alert")

pytestmark = pytest.mark.django_db


def test_refused_many_times_the_key_is_one_alert_with_the_reason():
    for _ in range(3):
        key_alert.key_refused(ValueError("Expired API Key provided"), lacks_right=False)
    alert = Alert.objects.get()
    assert (alert.kind, alert.reason) == (alerts.PROVIDER_KEY, "Expired API Key provided")


def test_any_answer_closes_the_alert_about_the_key():
    key_alert.key_refused("Expired", lacks_right=False)
    key_alert.key_accepted()
    assert not Alert.objects.open().exists()
    assert Alert.objects.get().note == "The provider has answered."


def test_an_answer_does_not_close_the_alert_about_a_right_that_the_key_lacks():
    key_alert.key_refused("No permission", lacks_right=True)
    key_alert.key_refused("Expired", lacks_right=False)
    key_alert.key_accepted()
    assert Alert.objects.open().get().reason == "No permission"


@pytest.mark.parametrize("lacks_right", [False, True])
def test_a_key_refused_after_an_operator_had_resolved_it_is_told_again(shop, lacks_right):
    key_alert.key_refused("Expired", lacks_right=lacks_right)
    alerts.resolve(Alert.objects.get(), actor=shop.make_user("boss"), note="New key.")
    assert not Alert.objects.open().exists()
    key_alert.key_refused("Expired", lacks_right=lacks_right)
    assert Alert.objects.open().count() == 1


def test_an_answer_without_a_refusal_before_writes_nothing():
    key_alert.key_accepted()
    assert not Alert.objects.exists()

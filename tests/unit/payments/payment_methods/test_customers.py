"""The shop forgets a customer once the provider has deleted it, and not before."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.payments.payment_methods import customers
from oscar_subscriptions.payments.provider import client
from oscar_subscriptions.payments.provider import customers as provider_customers

Alert = get_model("oscar_subscriptions", "Alert")
StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")


@pytest.fixture
def left(standin, db):
    """The customer of a member who has left."""
    made = provider_customers.create_customer({"email": "member@example.com"}, "key")
    return StoredPaymentMethod.objects.create(
        livemode=False, customer_id=made["id"], payment_method_id="pm_1"
    )


def is_deleted(row):
    return getattr(client.connect().v1.customers.retrieve(row.customer_id), "deleted", False)


def test_the_row_goes_once_the_provider_has_deleted_the_customer(left):
    assert customers.delete(left.pk)
    assert is_deleted(left)
    assert not StoredPaymentMethod.objects.exists() and not Alert.objects.exists()
    assert not customers.delete(left.pk)


def test_the_customer_of_a_member_stays(shop, left):
    StoredPaymentMethod.objects.update(user=shop.make_user())
    assert not customers.delete(left.pk)
    assert StoredPaymentMethod.objects.get() == left and not is_deleted(left)


def test_a_customer_of_the_other_mode_stays_and_operators_are_told(left):
    StoredPaymentMethod.objects.update(livemode=True)
    assert not customers.delete(left.pk)
    assert StoredPaymentMethod.objects.get() == left and not is_deleted(left)
    alert = Alert.objects.get()
    assert (alert.kind, alert.detail["customer"]) == (alerts.CUSTOMER_KEPT, left.customer_id)
    assert alerts.text(alert) == "It was made with a key of the other mode."


def test_a_provider_that_does_not_answer_is_told_to_operators_until_it_has(
    left, standin, monkeypatch
):
    monkeypatch.setattr(client, "NETWORK_RETRIES", 0)
    standin.fault(status=500, times=2)
    for _ in range(2):
        with pytest.raises(client.ProviderUnavailableError):
            customers.delete(left.pk)
    assert StoredPaymentMethod.objects.get() == left
    assert Alert.objects.open().get().detail["customer"] == left.customer_id
    assert customers.delete(left.pk)
    assert is_deleted(left) and not Alert.objects.open().exists()


def test_a_customer_that_somebody_deleted_there_is_forgotten_here(left):
    provider_customers.delete_customer(left.customer_id)
    assert customers.delete(left.pk)
    assert not StoredPaymentMethod.objects.exists()

"""Customers at the provider: made once, deleted once."""

import pytest

from oscar_subscriptions.payments.provider import (
    client,
    customers,
    intents,
)


def test_a_customer_is_made_once_and_deleted_once(standin):
    ids = {customers.create_customer({"email": "a@example.com"}, "one")["id"] for _ in range(2)}
    [customer] = ids
    for _ in range(2):
        customers.delete_customer(customer)
    assert client.connect().v1.customers.retrieve(customer).deleted


def test_a_customer_who_is_not_there_is_told_apart_from_other_refusals(standin):
    with pytest.raises(client.CustomerUnknownError):
        intents.create_intent({"amount": 100, "currency": "eur", "customer": "cus_none"}, "one")
    with pytest.raises(client.RequestRefusedError) as refusal:
        intents.create_intent({"amount": 1, "currency": "eur"}, "two")
    assert not isinstance(refusal.value, client.CustomerUnknownError)


def test_the_address_of_a_customer_is_changed_and_removed(standin):
    made = customers.create_customer({}, "one").id
    for address in ("a@example.com", "b@example.com", ""):
        customers.set_email(made, address)
        assert (client.connect().v1.customers.retrieve(made).email or "") == address


def test_an_address_that_is_refused_is_told_apart_from_a_customer_that_is_gone(standin):
    made = customers.create_customer({}, "one").id
    with pytest.raises(client.RequestRefusedError) as refusal:
        customers.set_email(made, "ada@localhost")
    assert not isinstance(refusal.value, client.CustomerUnknownError)
    customers.delete_customer(made)
    with pytest.raises(client.CustomerUnknownError):
        customers.set_email(made, "a@example.com")

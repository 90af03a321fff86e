"""Payments without the member: charged once, cancelled, refused by the bank."""

import pytest

from oscar_subscriptions.payments.provider import (
    client,
    intents,
)
from tests.unit.payments.hosted import keep_card


def intent(standin, card="4242424242424242"):
    """Return the id of a payment that nobody has confirmed."""
    params = {
        "amount": 24_000,
        "currency": "eur",
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
    }
    return intents.create_intent(params | keep_card(standin, card), "intent")["id"]


def test_a_payment_is_charged_once_and_a_cancelled_one_never(standin):
    one = intent(standin)
    intents.confirm_intent(one, "confirm")
    intents.cancel_intent(one)
    fetched = intents.fetch_intent(one)
    assert (fetched["status"], fetched["latest_charge"]["status"]) == ("succeeded", "succeeded")
    with pytest.raises(client.RequestRefusedError):
        intents.confirm_intent(one, "confirm anew")


def test_a_payment_that_was_cancelled_is_not_charged_any_more(standin):
    one = intent(standin)
    for _ in range(2):
        intents.cancel_intent(one)
    with pytest.raises(client.RequestRefusedError):
        intents.confirm_intent(one, "confirm")
    assert intents.fetch_intent(one)["status"] == "canceled"


def test_a_bank_that_refuses_is_no_error_and_is_read_from_the_payment(standin):
    one = intent(standin, "4000000000000341")
    intents.confirm_intent(one, "confirm")
    assert intents.fetch_intent(one)["status"] == "requires_payment_method"

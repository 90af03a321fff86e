"""Refunds and disputes, as the provider tells them."""

import pytest

from oscar_subscriptions.payments.provider import (
    client,
    refunds,
    sessions,
)
from tests.unit.payments.hosted import page


def paid(standin):
    """Return the id of a payment that is paid."""
    session = page()["id"]
    standin.pay(session)
    return sessions.fetch_session(session)["payment_intent"]["id"]


def test_a_payment_is_given_back_once_however_often_it_is_asked(standin):
    payment = paid(standin)
    for _ in range(2):
        refunds.refund(payment, "refund")
    assert [one["amount"] for one in refunds.fetch_reversals(payment)] == [24_000]
    with pytest.raises(client.RequestRefusedError):
        refunds.refund(payment, "another refund")


def test_refunds_and_disputes_of_one_payment_are_read_together(standin):
    payment = paid(standin)
    assert refunds.fetch_reversals(payment) == []
    standin.control(f"charges/{payment}/refund", amount=1_000)
    standin.control(f"charges/{payment}/dispute", amount=2_000)
    found = refunds.fetch_reversals(payment)
    assert [(one["object"], one["amount"]) for one in found] == [
        ("refund", 1_000),
        ("dispute", 2_000),
    ]


def test_a_part_is_refunded_once_however_often_it_is_asked(standin):
    payment = paid(standin)
    for _again in range(2):
        refunds.refund_once(payment, "half", 12_000)
    with pytest.raises(client.KeyUsedError):
        refunds.refund_once(payment, "half", 10_000)
    [made] = refunds.fetch_reversals(payment)
    assert (made["amount"], made["reason"]) == (12_000, "requested_by_customer")


def test_a_refusal_that_stripe_remembers_is_not_the_last_word(standin):
    payment = paid(standin)
    standin.control("settings", balance_is_empty=True)
    for _again in range(2):
        with pytest.raises(client.RequestRefusedError, match="Insufficient funds") as caught:
            refunds.refund_once(payment, "all", 24_000)
        assert not caught.value.is_remembered
    standin.control("settings", balance_is_empty=False)
    refunds.refund_once(payment, "all", 24_000)
    assert [one["amount"] for one in refunds.fetch_reversals(payment)] == [24_000]

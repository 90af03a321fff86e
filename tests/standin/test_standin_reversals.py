"""Refunds and disputes: what they do to the charge and the balance, and which events tell of it."""

import pytest
import stripe
from standin_support import session_params, types

from standin.testing import ControlError


@pytest.fixture
def charge(pay_server, client):
    """A paid charge of 100.00 euros, read anew at each call."""
    session = client.v1.checkout.sessions.create(session_params())
    intent = pay_server.pay(session.id)["session"]["payment_intent"]
    id = client.v1.payment_intents.retrieve(intent).latest_charge
    return lambda: client.v1.charges.retrieve(id)


@pytest.fixture
def told(pay_server, charge):
    """Types of the events since the charge."""
    before = len(pay_server.events())
    return lambda: types(pay_server.events()[before:])


def test_partial_refunds_add_up(client, charge, told):
    first = client.v1.refunds.create({"charge": charge().id, "amount": 3000})
    assert (first.status, charge().amount_refunded, charge().refunded) == ("succeeded", 3000, False)

    client.v1.refunds.create({"payment_intent": charge().payment_intent})

    assert (charge().amount_refunded, charge().refunded) == (10000, True)
    assert [one.amount for one in charge().refunds.data] == [7000, 3000]
    assert len(client.v1.refunds.list({"charge": charge().id}).data) == 2
    assert told() == ["refund.created", "charge.refunded"] * 2
    entry = client.v1.balance_transactions.retrieve(first.balance_transaction)
    assert (entry.amount, entry.source) == (-3000, first.id)


@pytest.mark.parametrize("amount", [10001, 0, -5])
def test_an_impossible_amount_is_refused(client, charge, told, amount):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"charge": charge().id, "amount": amount})

    assert (caught.value.param, told()) == ("amount", [])


def test_nothing_is_refunded_twice(client, charge):
    client.v1.refunds.create({"charge": charge().id})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"charge": charge().id})

    assert caught.value.code == "charge_already_refunded"


@pytest.mark.parametrize("status", ["succeeded", "failed", "canceled"])
def test_a_refund_can_be_decided_later(pay_server, client, charge, told, status):
    made = pay_server.control(f"charges/{charge().id}/refund", status="pending")
    assert (made["status"], charge().refunded) == ("pending", True)

    pay_server.control(f"refunds/{made['id']}", status=status)

    assert client.v1.refunds.retrieve(made["id"]).status == status
    assert charge().refunded == (status == "succeeded")
    changed = ["refund.updated", "charge.refund.updated"]
    failed = ["refund.failed"] if status == "failed" else []
    assert told() == ["refund.created", "charge.refunded", *changed, *failed]


@pytest.mark.parametrize("end", ["won", "lost"])
def test_a_dispute_is_won_or_lost(pay_server, client, charge, told, end):
    made = pay_server.control(f"charges/{charge().id}/dispute", reason="product_not_received")
    assert charge().disputed and made["status"] == "needs_response"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"charge": charge().id})
    assert caught.value.code == "charge_disputed"
    pay_server.control(f"disputes/{made['id']}", status="under_review")

    pay_server.control(f"disputes/{made['id']}", status=end)

    kept = client.v1.disputes.retrieve(made["id"])
    moved = sum(entry.amount for entry in kept.balance_transactions)
    assert (kept.status, moved) == (end, 0 if end == "won" else -10000)
    opened = ["charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.updated"]
    back = ["charge.dispute.funds_reinstated"] if end == "won" else []
    assert told() == [*opened, "charge.dispute.closed", *back]
    with pytest.raises(ControlError, match="already closed"):
        pay_server.control(f"disputes/{made['id']}", status="won")


def test_an_inquiry_takes_no_money(pay_server, client, charge, told):
    made = pay_server.control(f"charges/{charge().payment_intent}/dispute", inquiry=True)

    assert (made["status"], made["balance_transactions"]) == ("warning_needs_response", [])
    pay_server.control(f"disputes/{made['id']}", status="warning_closed")
    assert told() == ["charge.dispute.created", "charge.dispute.closed"]
    assert client.v1.refunds.create({"charge": charge().id}).status == "succeeded"


def test_an_inquiry_can_become_a_dispute(pay_server, charge, told):
    made = pay_server.control(f"charges/{charge().id}/dispute", inquiry=True)

    made = pay_server.control(f"disputes/{made['id']}", status="needs_response")

    assert (made["is_charge_refundable"], made["balance_transactions"][0]["amount"]) == (
        False,
        -10000,
    )
    assert told()[1:] == ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]

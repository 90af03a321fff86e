"""The second payment of an order goes back, where the shop wants this."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.payments.provider import client, refunds, sessions
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from oscar_subscriptions.payments.reversals import second_payment
from tests.bank import Payment

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Reversal = get_model("oscar_subscriptions_payments", "Reversal")


@pytest.fixture(autouse=True)
def wanted(settings):
    settings.OSCAR_SUBSCRIPTIONS_REFUND_SECOND_PAYMENT = True


@pytest.fixture
def second(shop, standin):
    """A payment of an order that had been paid already; the shop does not know of any refund."""
    payment = Payment(shop, standin).pay()
    intent = sessions.fetch_session(payment.session)["payment_intent"]["id"]
    Attempt.objects.update(
        status="paid", received=24_000, is_surplus=True, payment_intent_id=intent
    )
    return payment.attempt


def amounts_refunded(attempt):
    return [one["amount"] for one in refunds.fetch_reversals(attempt.payment_intent_id)]


@pytest.mark.parametrize(
    ("change", "goes_back"),
    [
        ({}, True),
        ({"is_surplus": False}, False),
        ({"status": "refused"}, False),
        ({"payment_intent_id": ""}, False),
    ],
)
def test_only_money_that_bought_nothing_goes_back(shop, change, goes_back):
    values = {"status": "paid", "is_surplus": True, "payment_intent_id": "pi_1"} | change
    order = shop.make_order(shop.make_user())
    attempt = Attempt.objects.create(order=order, amount=24_000, currency="EUR", **values)
    assert second_payment.is_to_be_refunded(attempt) is goes_back
    Reversal.objects.create(attempt=attempt, provider_id="dp_1", kind="dispute", amount=1)
    assert not second_payment.is_to_be_refunded(attempt)


def test_a_shop_that_does_not_want_it_keeps_the_money_for_an_operator(second, settings):
    settings.OSCAR_SUBSCRIPTIONS_REFUND_SECOND_PAYMENT = False
    second_payment.refund_second_payment(second)
    assert amounts_refunded(second) == []


def test_money_goes_back_once_until_the_next_look_finds_it(second):
    second_payment.refund_second_payment(second)
    second_payment.refund_second_payment(second)
    assert amounts_refunded(second) == [24_000]
    Attempt.objects.mark_due()
    reconcile(second)
    assert not second_payment.is_to_be_refunded(Attempt.objects.get())


def test_a_refund_that_the_provider_refuses_is_logged_and_stops_nobody(second, standin, caplog):
    standin.control(f"charges/{second.session_id}/refund")
    second_payment.refund_second_payment(second)
    assert f"Second payment {second.payment_intent_id} not refunded" in caplog.messages
    assert amounts_refunded(second) == [24_000]


def test_a_provider_that_does_not_answer_is_asked_again(second, standin):
    standin.fault(path="refunds", status=429)
    with pytest.raises(client.ProviderUnavailableError):
        second_payment.refund_second_payment(second)
    second_payment.refund_second_payment(second)
    assert amounts_refunded(second) == [24_000]

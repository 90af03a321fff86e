"""What is told of a member's payments, and which of them stand in the way of anonymising."""

import json

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.payments import privacy
from oscar_subscriptions.privacy import Person

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")
Reversal = get_model("oscar_subscriptions_payments", "Reversal")


@pytest.fixture
def person(shop):
    user = shop.make_user()
    return Person(user, user.email)


@pytest.fixture
def order(shop, person):
    return shop.make_order(person.user)


def pay(order, status="paid", **fields):
    fields = {"amount": 24_000, "currency": "EUR"} | fields
    return Attempt.objects.create(order=order, status=status, **fields)


def dispute(attempt, status, **fields):
    fields = {"kind": "dispute", "amount": 24_000, "currency": "EUR"} | fields
    return Reversal.objects.create(
        attempt=attempt, provider_id=f"dp_{attempt.pk}", status=status, **fields
    )


def test_each_try_to_pay_is_told_with_its_money_in_major_units(order, person):
    pay(order, "expired", problem="Declined.")
    paid = pay(order, received=24_000, session_id="cs_1", payment_intent_id="pi_1")
    expired, told = json.loads(json.dumps(privacy.payments(person)))
    assert (expired["status"], expired["problem"], expired["received"]) == (
        "expired", "Declined.", None
    )  # fmt: skip
    assert (told["order"], told["amount"], told["received"]) == (order.number, "240.00", "240.00")
    assert (told["session"], told["payment"]) == ("cs_1", "pi_1")
    assert told["reference"] == str(paid.reference)


@pytest.mark.parametrize(
    ("currency", "told"), [("EUR", "240.00"), ("JPY", "24000"), ("TND", "24.000")]
)
def test_the_currency_says_where_the_point_is(order, person, currency, told):
    pay(order, currency=currency)
    assert privacy.payments(person)[0]["amount"] == told


def test_what_went_back_is_told_with_its_payment(order, person):
    dispute(pay(order), "lost", amount=10_050)
    [[told]] = [payment["reversals"] for payment in privacy.payments(person)]
    assert (told["kind"], told["status"], told["amount"]) == ("dispute", "lost", "100.50")


def test_nothing_of_another_members_payments_is_told(shop, order, person):
    stranger = shop.make_user("stranger")
    dispute(pay(shop.make_order(stranger), "open"), "under_review")
    StoredPaymentMethod.objects.create(user=stranger, livemode=False, customer_id="cus_2")
    assert privacy.payments(person) == privacy.payment_methods(person) == []
    assert list(privacy.open_money(person)) == []


def test_the_ids_of_what_the_provider_keeps_are_told_and_nothing_of_a_deleted_account(person):
    StoredPaymentMethod.objects.create(
        user=person.user, livemode=True, customer_id="cus_1", payment_method_id="pm_1"
    )
    [told] = privacy.payment_methods(person)
    assert (told["customer"], told["payment_method"], told["is_live"]) == ("cus_1", "pm_1", True)
    person.user.delete()
    assert privacy.payment_methods(Person(None, person.email)) == []


@pytest.mark.parametrize("status", ["paid", "refused", "expired", "cancelled"])
def test_a_payment_that_has_ended_stands_in_the_way_only_while_an_event_is_to_be_followed(
    order, person, status
):
    pay(order, status)
    assert list(privacy.open_money(person)) == []
    Attempt.objects.mark_due()
    assert list(privacy.open_money(person)) == [f"A payment of order {order.number} is under way."]


@pytest.mark.parametrize(
    ("status", "kind", "objects"),
    [
        ("needs_response", "dispute", True),
        ("a status of tomorrow", "dispute", True),
        ("lost", "dispute", False),
        ("won", "dispute", False),
        ("pending", "refund", False),
    ],
)
def test_a_dispute_stands_in_the_way_until_it_is_over(order, person, status, kind, objects):
    dispute(pay(order), status, kind=kind)
    said = [f"A payment of order {order.number} is disputed."]
    assert list(privacy.open_money(person)) == (said if objects else [])

"""Which attempts an object of the provider concerns: it says where to look, never what is so."""

import uuid

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.payments.reconciliation import matching

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")


@pytest.fixture
def attempt(shop):
    return Attempt.objects.create(
        order=shop.make_order(shop.make_user()),
        amount=24_000,
        currency="EUR",
        session_id="cs_1",
        payment_intent_id="pi_1",
        status="paid",
    )


def session(**fields):
    return {"object": "checkout.session", "id": "cs_1", "client_reference_id": None} | fields


@pytest.mark.parametrize(
    "thing",
    [
        session(),
        session(client_reference_id="not-a-uuid"),
        {"object": "charge", "id": "ch_1", "payment_intent": "pi_1"},
        {"object": "charge", "id": "ch_1", "payment_intent": {"id": "pi_1", "object": "…"}},
        {"object": "refund", "payment_intent": "pi_1"},
        {"object": "dispute", "payment_intent": "pi_1"},
    ],
)
def test_attempt_is_marked_as_due_and_nothing_else_changes(attempt, thing):
    assert matching.mark_due(thing) == [attempt]
    row = Attempt.objects.get()
    assert row.is_due
    assert (row.asked, row.status, row.effect) == (1, "paid", "")


def test_each_hint_is_counted(attempt):
    for _ in range(3):
        matching.mark_due(session())
    assert Attempt.objects.get().asked == 3


@pytest.mark.parametrize(
    "thing",
    [
        None,
        [],
        "cs_1",
        7,
        {},
        {"object": "checkout.session"},
        session(id=None),
        session(id=["cs_1"]),
        session(id=""),
        session(id="cs_other"),
        session(id="cs_other", client_reference_id=7),
        session(id="cs_other", client_reference_id="2f8b6c1e-0000-4000-8000-000000000000"),
        {"object": "charge", "payment_intent": None},
        {"object": "charge", "payment_intent": ""},
        {"object": "charge", "payment_intent": ["pi_1"]},
        {"object": "charge", "payment_intent": {"id": None}},
        {"object": "charge", "payment_intent": "pi_other"},
        {"object": "charge"},
        {"object": "customer", "id": "cs_1"},
    ],
    ids=repr,
)
def test_fault_34_anything_else_concerns_nobody(attempt, thing):
    assert matching.mark_due(thing) == []
    assert (matching.attempts_for(thing)) == []
    assert Attempt.objects.get().is_due is False
    assert not Alert.objects.exists()


def test_charge_without_a_payment_does_not_concern_attempts_that_have_none_yet(attempt):
    Attempt.objects.update(payment_intent_id="")
    assert matching.mark_due({"object": "charge", "payment_intent": ""}) == []


def test_session_whose_id_was_lost_is_found_by_the_reference(attempt):
    Attempt.objects.update(session_id=None, status="open")
    thing = session(client_reference_id=str(attempt.reference), url="https://pay.example/1")
    assert matching.mark_due(thing) == [attempt]
    row = Attempt.objects.get()
    assert (row.session_id, row.url, row.asked) == ("cs_1", "https://pay.example/1", 1)


def test_looking_writes_nothing(attempt):
    Attempt.objects.update(session_id=None, status="open")
    lost = session(client_reference_id=str(attempt.reference))
    unclaimed = session(
        id="cs_2", payment_status="paid", metadata={"shop": matching.shop_name(), "order": "7"}
    )
    assert (matching.attempts_for(lost)) == [attempt]
    assert (matching.attempts_for(unclaimed)) == []
    row = Attempt.objects.get()
    assert (row.session_id, row.asked) == (None, 0)
    assert not Alert.objects.exists()


def unclaimed(**fields):
    about = {"shop": matching.shop_name(), "order": "100007"}
    return session(**{"id": "cs_2", "payment_status": "paid", "metadata": about} | fields)


def test_fault_29_paid_session_that_no_attempt_knows_is_reported_once(attempt):
    for _ in range(2):
        assert matching.mark_due(unclaimed(client_reference_id=str(uuid.uuid4()))) == []
    alert = Alert.objects.get()
    assert alert.kind == alerts.UNCLAIMED_PAYMENT
    assert alerts.text(alert) == "Payment cs_2 names order 100007."


def test_fault_29_other_page_of_an_attempt_that_was_paid_is_reported(attempt):
    assert matching.mark_due(unclaimed(client_reference_id=str(attempt.reference))) == []
    assert Alert.objects.get().kind == alerts.UNCLAIMED_PAYMENT
    assert Attempt.objects.get().session_id == "cs_1"


@pytest.mark.parametrize(
    "fields",
    [
        {"payment_status": "unpaid"},
        {"payment_status": None},
        {"metadata": None},
        {"metadata": {"order": "100007"}},
        {"metadata": {"shop": "another.example", "order": "100007"}},
        {"metadata": "shop.example"},
    ],
    ids=repr,
)
def test_fault_28_session_that_is_unpaid_or_another_shops_is_nobodys_business(attempt, fields):
    assert matching.mark_due(unclaimed(**fields)) == []
    assert not Alert.objects.exists()

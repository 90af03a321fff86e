"""Faults 32 to 34: the key is rotated; junk comes in; fields are missing and statuses are new."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from djstripe.models import Event
from oscar.core.loading import get_model

from oscar_subscriptions.payments.provider import client as provider_client
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from tests.bank import PRICE, Payment
from tests.faults import invariants, posting

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)

COMPLETED = "checkout.session.completed"


@pytest.fixture
def payment(shop, standin, webhook):
    """An order whose page is open."""
    return Payment(shop, standin)


def run():
    call_command("subscriptions_run", verbosity=0)


# 32


@pytest.fixture
def rotated(standin):
    """``rotated(status)`` – from now on the provider refuses the shop's key."""

    def rotate(status=401):
        standin.fault(status=status, times=None)
        return lambda: standin.control("faults", "DELETE")

    return rotate


def key_alerts():
    return list(Alert.objects.open().filter(kind="provider-key"))


def sent_mails():
    return [message for message in mail.outbox if "accept the shop's key" in message.subject]


def test_fault_32_rotated_key_is_told_once_and_all_is_caught_up_later(
    shop, standin, payment, rotated
):
    standin.delivery(hold=True, retries=[])
    payment.pay()
    mend = rotated()
    standin.release(hold=False)
    standin.flush()
    for _ in range(3):
        with pytest.raises(CommandError):
            run()
    assert payment.state == ""
    [alert] = key_alerts()
    assert alert.times == len(sent_mails()) == 1
    mend()
    run()
    assert payment.state == "valid"
    assert key_alerts() == []
    invariants.check(shop)


def test_fault_32_rotated_key_is_told_even_if_no_payment_is_open(shop, standin, payment, rotated):
    payment.pay()
    mend = rotated()
    with pytest.raises(CommandError):
        run()
    assert len(key_alerts()) == 1
    mend()
    run()
    assert key_alerts() == []


def test_fault_32_rotated_key_is_told_when_a_member_is_about_to_pay(shop, client, order, rotated):
    rotated()
    page = client.get(reverse("subscriptions-payments:pay", args=[order.number]))
    assert page.status_code == 503
    assert len(key_alerts()) == len(sent_mails()) == 1


def test_fault_32_key_rotated_again_is_told_again(standin, payment, rotated):
    for times in (1, 2):
        mend = rotated()
        with pytest.raises(provider_client.KeyRefusedError):
            reconcile(payment.attempt)
        [alert] = key_alerts()
        assert alert.times == len(sent_mails()) == times
        mend()
        reconcile(payment.attempt)
        assert key_alerts() == []


def test_fault_32_key_that_lacks_one_right_is_told_until_an_operator_knows(payment, standin):
    standin.fault(status=403, path="events", times=None)
    for _ in range(2):
        with pytest.raises(CommandError):
            run()
        reconcile(payment.attempt)  # is answered, and does not mean that all is well
    assert len(key_alerts()) == len(sent_mails()) == 1


# 33


JUNK = [
    b"",
    b"null",
    b"[]",
    b"7",
    b'"text"',
    b"{",
    b"{}",
    b'{"id": 1}',
    b'{"id": "evt_1", "livemode": false}',
    b"\xff\xfe\x00",
    b"\x00",
    b"[" * 100_000,
    b'{"id": "evt_1", "livemode": false, "data": "' + b"x" * 3_000_000 + b'"}',
]


@pytest.mark.parametrize("headers", [{"Stripe-Signature": "t=1,v1=00"}, {}], ids=["forged", "none"])
@pytest.mark.parametrize("body", JUNK, ids=lambda body: repr(body[:40]))
def test_fault_33_junk_has_no_effect_and_the_next_event_works(
    shop, standin, webhook, payment, body, headers
):
    assert posting.post(webhook, body, headers) in (400, 500)
    assert not Event.objects.exists()
    payment.pay()
    assert payment.state == "valid"
    invariants.check(shop)


@pytest.mark.parametrize(
    "forwarded", ["unknown", "", ",", "127.0.0.1, junk", "a" * 5_000, "[::1", "1.2.3.4:x", "☃"]
)
def test_fault_33_malformed_forwarded_for_loses_nothing(shop, standin, webhook, payment, forwarded):
    """dj-stripe can't store such an address, whoever sends it; the next door makes up for it."""
    standin.delivery(drop="all")
    payment.pay()
    body = posting.json.dumps(standin.events(COMPLETED)[-1])
    headers = posting.signed(body) | {"X-Forwarded-For": forwarded.encode()}
    assert posting.post(webhook, body, headers) in (200, 500)
    run()
    assert payment.state == "valid"
    standin.delivery(reset=True)
    payment.refund()
    assert payment.state == "revoked", "the next event works"


# 34: events


SESSION = {"object": "checkout.session", "status": "complete", "payment_status": "paid"}


@pytest.mark.parametrize(
    "event",
    [
        posting.event(COMPLETED, None),
        posting.event(COMPLETED, []),
        posting.event(COMPLETED, "cs_1"),
        posting.event(COMPLETED, {}),
        posting.event(COMPLETED, {"object": "checkout.session"}),
        posting.event(COMPLETED, SESSION | {"id": None}),
        posting.event(COMPLETED, SESSION | {"id": "cs_invented"}),
        posting.event(COMPLETED, SESSION, data=None),
        posting.event(COMPLETED, SESSION, data=[]),
        posting.event("charge.refunded", {"object": "charge", "id": "ch_invented"}),
        posting.event("charge.dispute.created", {"object": "dispute", "payment_intent": {}}),
        posting.event("checkout.session.renamed", SESSION),
        posting.event(None, SESSION),
        {"id": "evt_1", "livemode": False},
        {"id": "evt_1", "livemode": None, "type": COMPLETED, "data": {"object": SESSION}},
    ],
    ids=lambda event: str(event)[:60],
)
def test_fault_34_signed_event_that_lacks_what_we_know_has_no_effect(
    shop, standin, webhook, payment, event
):
    posting.post(webhook, event)
    assert not Term.objects.exists() and not Alert.objects.exists()
    assert payment.attempt.status == "open"
    payment.pay()
    assert payment.state == "valid"


# 34: sessions


@pytest.mark.parametrize(
    ("change", "status", "told"),
    [
        ({"remove": ["amount_total"]}, "refused", 1),
        ({"remove": ["currency"]}, "refused", 1),
        ({"remove": ["client_reference_id"]}, "refused", 1),
        ({"remove": ["livemode"]}, "refused", 1),
        ({"set": {"amount_total": "24000"}}, "refused", 1),
        ({"set": {"amount_total": -PRICE}}, "refused", 1),
        ({"set": {"amount_total": None}}, "refused", 1),
        ({"set": {"status": None}}, "open", 0),
        ({"remove": ["payment_status"]}, "open", 0),
        ({"set": {"status": "finished"}}, "open", 0),
        ({"set": {"payment_status": "partly_paid"}}, "open", 0),
        ({"set": {"payment_status": True}}, "open", 0),
    ],
    ids=str,
)
def test_fault_34_session_with_a_field_missing_or_new_gives_no_term(
    shop, standin, payment, change, status, told
):
    standin.delivery(hold=True)
    payment.pay()
    standin.control("amend", id=payment.session, **change)
    standin.release(hold=False)
    standin.flush()
    assert payment.state == ""
    assert (payment.attempt.status, len(payment.alerts)) == (status, told)


def test_fault_34_paid_session_without_its_payment_is_still_paid(standin, payment):
    standin.delivery(drop="all")
    payment.pay()
    standin.control("amend", id=payment.session, set={"payment_intent": None})
    reconcile(payment.attempt)
    assert payment.state == "valid"


# 34: refunds and disputes


@pytest.mark.parametrize(
    ("change", "state", "told"),
    [
        ({"set": {"status": "partly_succeeded"}}, "suspended", 2),
        ({"set": {"status": 7}}, "suspended", 2),
        ({"set": {"amount": None}}, "suspended", 1),
        ({"set": {"amount": "100"}}, "suspended", 1),
        ({"remove": ["amount"]}, "suspended", 1),
        ({"set": {"status": None}}, "valid", 1),
        ({"remove": ["status", "reason", "currency"]}, "valid", 1),
    ],
    ids=str,
)
def test_fault_34_refund_that_can_not_be_read_suspends_and_is_told(
    standin, payment, change, state, told
):
    payment.pay()
    standin.delivery(drop="all")
    refund = payment.refund(100)
    standin.control("amend", id=refund, **change)
    run()
    assert payment.state == state
    assert len(payment.alerts) == told
    # Once it says what we know, the term is back.
    standin.control("amend", id=refund, set={"status": "failed", "amount": 100})
    Attempt.objects.all().mark_due()
    run()
    assert payment.state == "valid"
    assert payment.alerts == []


@pytest.mark.parametrize(
    ("change", "state", "told"),
    [
        ({"set": {"status": "mediation"}}, "suspended", 1),
        ({"set": {"status": None}}, "suspended", 1),
        ({"remove": ["status"]}, "suspended", 1),
        ({"remove": ["amount"]}, "suspended", 1),
        # It waits for the shop's answer, and says so.
        ({"remove": ["reason", "currency"]}, "valid", 1),
        ({"remove": ["balance_transactions"], "set": {"status": "prevented"}}, "revoked", 0),
        ({"set": {"balance_transactions": None, "status": "warning_closed"}}, "revoked", 0),
        ({"set": {"balance_transactions": [{}], "status": "prevented"}}, "revoked", 0),
        ({"set": {"balance_transactions": [], "status": "prevented"}}, "valid", 0),
    ],
    ids=str,
)
def test_fault_34_dispute_that_can_not_be_read_fails_closed(standin, payment, change, state, told):
    payment.pay()
    standin.delivery(drop="all")
    dispute = payment.dispute(inquiry=True)
    standin.control("amend", id=dispute, **change)
    run()
    assert payment.state == state
    assert len(payment.alerts) == told


@pytest.mark.parametrize("removed", ["amount_refunded", "disputed"])
def test_fault_34_charge_that_does_not_say_whether_it_was_reversed_is_asked_about(
    standin, payment, removed
):
    payment.pay()
    standin.delivery(drop="all")
    payment.refund()
    charge = provider_client.connect().v1.charges.list()["data"][0]["id"]
    standin.control("amend", id=charge, remove=[removed], set={"refunded": False})
    if removed == "disputed":
        standin.control("amend", id=charge, set={"amount_refunded": 0})
    reconcile(payment.attempt)
    assert payment.state == "revoked"

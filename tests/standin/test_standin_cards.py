"""What each published test card does, to the objects, to the events and to the page."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from standin_support import session_params, types

DECLINES = {
    "4000000000000002": ("card_declined", "generic_decline", "Your card was declined."),
    "4000000000009995": ("card_declined", "insufficient_funds", "insufficient funds"),
    "4000000000000069": ("expired_card", None, "Your card has expired."),
    "4000000000000127": ("incorrect_cvc", None, "The security code is incorrect."),
    "4000000000000119": ("processing_error", None, "could not process the payment"),
    "4111111111111111": ("card_declined", "test_mode_live_card", "Only test cards work here."),
}
ATTEMPT = ["payment_intent.created"]
PAID = ["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]
REFUSED = ["charge.failed", "payment_intent.payment_failed"]
EXPANDED = {"expand": ["payment_intent.latest_charge"]}


@pytest.fixture
def session(client):
    return client.v1.checkout.sessions.create(session_params())


@pytest.fixture
def again(client, session):
    """The session as it is now, with its intent and charge."""
    return lambda: client.v1.checkout.sessions.retrieve(session.id, EXPANDED)


def test_a_good_card_pays_and_leads_back_to_the_shop(pay_server, session, again):
    status, location, _ = pay_server.submit_card(session.url)

    assert (status, location) == (303, f"http://shop.test/return/?session_id={session.id}")
    paid = again()
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert paid.payment_intent.status == "succeeded"
    assert paid.payment_intent.amount_received == 10000
    assert paid.payment_intent.metadata.to_dict() == {"order": "100001"}
    assert paid.payment_intent.latest_charge.paid
    assert paid.payment_intent.latest_charge.payment_method_details.card.last4 == "4242"
    assert types(pay_server.events()) == ATTEMPT + PAID


def test_there_is_no_payment_intent_before_the_first_attempt(session):
    assert session.payment_intent is None


@pytest.mark.parametrize("number", DECLINES)
def test_a_declined_card_leaves_the_session_open(pay_server, session, again, number):
    code, decline_code, words = DECLINES[number]

    status, _, html = pay_server.submit_card(session.url, number)

    assert status == 200
    assert words in html and 'role="alert"' in html
    tried = again()
    assert (tried.status, tried.payment_status) == ("open", "unpaid")
    assert tried.payment_intent.status == "requires_payment_method"
    assert tried.payment_intent.last_payment_error.code == code
    assert getattr(tried.payment_intent.last_payment_error, "decline_code", None) == decline_code
    assert tried.payment_intent.latest_charge.status == "failed"
    assert types(pay_server.events()) == ATTEMPT + REFUSED


def test_another_card_pays_after_a_declined_one_with_the_same_intent(pay_server, session, again):
    pay_server.submit_card(session.url, "4000000000000002")
    first = again().payment_intent.id

    assert pay_server.submit_card(session.url)[0] == 303

    assert again().payment_intent.id == first
    assert types(pay_server.events()) == ATTEMPT + REFUSED + PAID


@pytest.mark.parametrize("number", ["4000002500003155", "4000000000003220"])
def test_the_bank_asks_and_is_told_yes(pay_server, session, again, number):
    status, bank, _ = pay_server.submit_card(session.url, number)
    assert (status, bank) == (303, f"/c/pay/{session.id}/bank")
    assert again().payment_intent.status == "requires_action"

    status, location, _ = pay_server.submit(pay_server.url + bank, answer="confirm")

    assert (status, location.endswith(session.id)) == (303, True)
    card = again().payment_intent.latest_charge.payment_method_details.card
    assert card.three_d_secure.result == "authenticated"
    assert types(pay_server.events()) == [*ATTEMPT, "payment_intent.requires_action", *PAID]


def test_the_bank_asks_and_is_told_no(pay_server, session, again):
    _, bank, _ = pay_server.submit_card(session.url, "4000000000003220")

    status, _, html = pay_server.submit(pay_server.url + bank, answer="refuse")

    assert status == 200 and "could not confirm the payment" in html
    error = again().payment_intent.last_payment_error
    assert error.code == "payment_intent_authentication_failure"
    assert again().status == "open"
    assert pay_server.submit_card(session.url)[0] == 303


def test_the_dispute_card_is_paid_and_then_disputed(pay_server, client, session, again):
    pay_server.submit_card(session.url, "4000000000000259")

    charge = again().payment_intent.latest_charge
    assert again().payment_status == "paid" and charge.disputed
    dispute = client.v1.disputes.list({"charge": charge.id}).data[0]
    assert (dispute.status, dispute.reason) == ("needs_response", "fraudulent")
    opened = ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    assert types(pay_server.events()) == ATTEMPT + PAID + opened


@pytest.mark.parametrize("outcome", ["succeed", "fail"])
def test_a_bank_debit_is_confirmed_now_and_settled_later(pay_server, session, again, outcome):
    fields = {"method": "sepa_debit", "debit_outcome": outcome}
    assert pay_server.submit(session.url, **fields)[0] == 303
    assert (again().status, again().payment_status) == ("complete", "unpaid")
    assert again().payment_intent.status == "processing"

    pay_server.advance(3601)

    begun = ["charge.pending", "payment_intent.processing", "checkout.session.completed"]
    if outcome == "succeed":
        assert again().payment_status == "paid"
        end = [*PAID[:2], "checkout.session.async_payment_succeeded"]
    else:
        assert again().payment_status == "unpaid"
        assert again().payment_intent.status == "requires_payment_method"
        end = [*REFUSED, "checkout.session.async_payment_failed"]
    assert types(pay_server.events()) == ATTEMPT + begun + end


def test_a_bank_debit_can_wait_for_ever(pay_server, session, again):
    pay_server.control("settings", async_delay=None)
    pay_server.pay(session.id, method="sepa_debit")

    pay_server.advance(10 * 24 * 3600)
    assert again().payment_status == "unpaid"

    pay_server.control(f"sessions/{session.id}/settle")
    assert again().payment_status == "paid"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"number": ""}, "Type a card number."),
        ({"number": "4242 4242 4242 4243"}, "This card number is not valid."),
        ({"number": "４２４２ 4242 4242 4242"}, "This card number is not valid."),
        ({"exp": "13/30"}, "Type the expiry as MM/YY."),
        ({"exp": "01/20"}, "This date has passed."),
        ({"cvc": "12"}, "Type the three digits"),
        ({"method": "cheque"}, "Choose how to pay."),
    ],
)
def test_a_wrong_form_is_shown_again_and_is_no_attempt(pay_server, session, again, fields, words):
    status, _, html = pay_server.submit_card(session.url, **fields)

    assert status == 200 and words in html
    assert again().payment_intent is None
    assert pay_server.events() == []


def test_two_submits_at_once_make_one_charge(pay_server, client, session):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: pay_server.submit_card(session.url), range(8)))

    assert {status for status, _, _ in answers} == {303}
    assert len(client.v1.charges.list().data) == 1
    assert types(pay_server.events()) == ATTEMPT + PAID


def test_numbers_are_neither_shown_again_nor_kept(pay_server, session, capfd):
    numbers = ["4111111111111111", "4000000000000002", "4000000000003220", "4242424242424242"]

    pages = [pay_server.submit_card(session.url, number)[2] for number in numbers]

    assert "4111111111111111" not in "".join(pages)
    assert not any('name="number" value' in page or 'name="cvc" value' in page for page in pages)
    store = pay_server.server.app.store
    with sqlite3.connect(":memory:") as copy:
        store._db.backup(copy)
        kept = "\n".join(copy.iterdump())
    copy.close()
    said = "".join(capfd.readouterr())
    assert not [number for number in numbers if number in kept + said]


def test_a_guest_types_an_address_and_may_become_a_customer(pay_server, client):
    params = session_params(customer_creation="always")
    del params["customer_email"]
    session = client.v1.checkout.sessions.create(params)
    assert "Type an e-mail address." in pay_server.submit_card(session.url, email="nobody")[2]

    pay_server.submit_card(session.url, email="guest@example.com")

    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["customer"]})
    assert paid.customer.email == paid.customer_details.email == "guest@example.com"
    assert "customer.created" in types(pay_server.events())

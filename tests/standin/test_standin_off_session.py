"""A saved card is charged without its owner, asked by the real Stripe library."""

import pytest
import stripe
from standin_support import session_params, types

GOOD = "4242424242424242"
SAVED = {"payment_intent_data": {"setup_future_usage": "off_session"}, "customer_email": None}


@pytest.fixture
def customer(client):
    return client.v1.customers.create({"email": "member@example.com"})


@pytest.fixture
def save(pay_server, client, customer):
    """``save(number)`` – pay a session by a card that is kept; the saved method's id."""

    def pay(number=GOOD, bank=None):
        params = {k: v for k, v in session_params(**SAVED).items() if v is not None}
        session = client.v1.checkout.sessions.create(params | {"customer": customer.id})
        paid = pay_server.pay(session.id, card=number, bank=bank)
        assert paid["problem"] is None
        return client.v1.payment_intents.retrieve(paid["session"]["payment_intent"]).payment_method

    return pay


def new_intent(client, customer, method, /, **changes):
    params = {
        "amount": 24000,
        "currency": "eur",
        "customer": customer.id,
        "payment_method": method,
        "metadata": {"attempt": "ref-2"},
    }
    if not set(changes) & {"automatic_payment_methods", "payment_method_types"}:
        params["automatic_payment_methods"] = {"enabled": True, "allow_redirects": "never"}
    return client.v1.payment_intents.create(params | changes)


def confirm(client, intent, key=None):
    options = {"idempotency_key": key} if key else {}
    return client.v1.payment_intents.confirm(intent.id, {"off_session": True}, options)


def refused(call, *args, **named):
    with pytest.raises(stripe.StripeError) as caught:
        call(*args, **named)
    return caught.value


def charges(client, intent):
    return [one.status for one in client.v1.charges.list({"payment_intent": intent.id})]


def test_a_card_is_attached_to_the_customer_only_where_the_shop_asked_for_it(
    pay_server, client, customer, save
):
    saved = client.v1.payment_methods.retrieve(save())
    assert saved.customer == customer.id
    assert "payment_method.attached" in types(pay_server.events())
    params = {k: v for k, v in session_params().items() if k != "customer_email"}
    session = client.v1.checkout.sessions.create(params | {"customer": customer.id})
    paid = pay_server.pay(session.id)["session"]["payment_intent"]
    used = client.v1.payment_intents.retrieve(paid).payment_method
    assert client.v1.payment_methods.retrieve(used).customer is None
    error = refused(new_intent, client, customer, used)
    assert error.http_status == 400 and error.param == "payment_method"


def test_nothing_is_charged_before_the_shop_confirms(client, customer, save):
    intent = new_intent(client, customer, save())
    assert (intent.status, intent.amount, charges(client, intent)) == (
        "requires_confirmation",
        24000,
        [],
    )
    paid = confirm(client, intent)
    assert (paid.status, paid.amount_received) == ("succeeded", 24000)
    assert paid.metadata.to_dict() == {"attempt": "ref-2"}
    assert charges(client, intent) == ["succeeded"]


def test_with_confirm_it_is_charged_at_once(client, customer, save):
    intent = new_intent(client, customer, save(), confirm=True, off_session=True)
    assert intent.status == "succeeded"


@pytest.mark.parametrize("given", ["", {"enabled": True}])
def test_an_intent_that_may_lead_to_another_page_is_not_charged_without_the_way_back(
    client, customer, save, given
):
    """As Stripe has it since API version 2023-08-16, where nothing else was asked for."""
    method = save()
    intent = new_intent(client, customer, method, automatic_payment_methods=given)
    assert intent.automatic_payment_methods.to_dict() == {
        "enabled": True,
        "allow_redirects": "always",
    }
    error = refused(confirm, client, intent)
    assert (error.http_status, error.param) == (400, "return_url")
    at_once = {"automatic_payment_methods": given, "confirm": True, "off_session": True}
    assert refused(new_intent, client, customer, method, **at_once).param == "return_url"
    assert charges(client, intent) == []
    back = {"off_session": True, "return_url": "https://shop.example/"}
    assert client.v1.payment_intents.confirm(intent.id, back).status == "succeeded"


@pytest.mark.parametrize(
    ("accepted", "automatic"),
    [
        (
            {"automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}},
            {"enabled": True, "allow_redirects": "never"},
        ),
        ({"automatic_payment_methods": {"enabled": False}}, None),
        ({"payment_method_types": ["card"]}, None),
    ],
)
def test_an_intent_that_stays_on_the_page_needs_no_way_back(
    client, customer, save, accepted, automatic
):
    intent = new_intent(client, customer, save(), **accepted)
    assert intent.payment_method_types == ["card"]
    assert intent.to_dict()["automatic_payment_methods"] == automatic
    assert confirm(client, intent).status == "succeeded"


def test_an_intent_is_charged_once_however_often_it_is_confirmed(client, customer, save):
    intent = new_intent(client, customer, save())
    assert confirm(client, intent, "key").status == "succeeded"
    assert confirm(client, intent, "key").status == "succeeded"
    error = refused(confirm, client, intent)
    assert error.code == "payment_intent_unexpected_state"
    assert charges(client, intent) == ["succeeded"]


@pytest.mark.parametrize(
    ("number", "bank", "code", "decline_code"),
    [
        ("4000000000000341", None, "card_declined", "generic_decline"),
        ("4000002760003184", "confirm", "authentication_required", "authentication_required"),
    ],
)
def test_a_bank_that_refuses_answers_402_and_the_intent_remembers(
    pay_server, client, customer, save, number, bank, code, decline_code
):
    intent = new_intent(client, customer, save(number, bank))
    for _ in range(2):  # the same key gives the same refusal, and no second try
        error = refused(confirm, client, intent, "key")
        assert isinstance(error, stripe.CardError)
        assert (error.http_status, error.code) == (402, code)
        assert error.error.decline_code == decline_code
        assert error.error.payment_intent.id == intent.id
    now = client.v1.payment_intents.retrieve(intent.id)
    assert now.status == "requires_payment_method"
    assert now.last_payment_error.code == code
    assert charges(client, intent) == ["failed"]
    assert types(pay_server.events())[-2:] == ["charge.failed", "payment_intent.payment_failed"]


def test_a_card_that_asks_only_until_it_is_saved_is_charged_without_asking(client, customer, save):
    intent = new_intent(client, customer, save("4000002500003155", "confirm"))
    assert confirm(client, intent).status == "succeeded"


def test_a_saved_card_may_turn_bad_later(pay_server, client, customer, save):
    method = save()
    pay_server.control(f"payment_methods/{method}", card="4000000000009995")
    error = refused(confirm, client, new_intent(client, customer, method))
    assert error.error.decline_code == "insufficient_funds"


def test_a_cancelled_intent_is_never_charged(client, customer, save):
    intent = new_intent(client, customer, save())
    assert client.v1.payment_intents.cancel(intent.id).status == "canceled"
    assert refused(confirm, client, intent).code == "payment_intent_unexpected_state"
    assert charges(client, intent) == []


def test_what_the_bank_said_is_gone_once_the_intent_is_cancelled(client, customer, save):
    intent = new_intent(client, customer, save("4000000000000341"))
    refused(confirm, client, intent)
    assert client.v1.payment_intents.retrieve(intent.id).last_payment_error.code == "card_declined"

    assert client.v1.payment_intents.cancel(intent.id).last_payment_error is None


def test_what_is_paid_can_t_be_cancelled(client, customer, save):
    intent = new_intent(client, customer, save())
    confirm(client, intent)
    error = refused(client.v1.payment_intents.cancel, intent.id)
    assert error.code == "payment_intent_unexpected_state"


def test_the_intent_of_a_session_ends_with_its_session_alone(pay_server, client):
    session = client.v1.checkout.sessions.create(session_params())
    pay_server.pay(session.id, card="4000000000000002")
    [intent] = client.v1.payment_intents.list()
    assert refused(client.v1.payment_intents.cancel, intent.id).http_status == 400


def test_what_a_deleted_customer_had_saved_is_not_charged(client, customer, save):
    method = save()
    made_before = new_intent(client, customer, method)
    client.v1.customers.delete(customer.id)
    assert client.v1.payment_methods.retrieve(method).customer is None
    assert refused(confirm, client, made_before).param == "payment_method"
    assert refused(new_intent, client, customer, method).param == "customer"
    assert charges(client, made_before) == []


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"amount": 49}, "amount"),
        ({"customer": "cus_nobody"}, "customer"),
        ({"payment_method": "pm_nobody"}, "payment_method"),
        ({"off_session": True}, "off_session"),
        ({"return_url": "https://shop.example/"}, "return_url"),
        (
            {"automatic_payment_methods": {"allow_redirects": "never"}},
            "automatic_payment_methods[enabled]",
        ),
        (
            {"automatic_payment_methods": {"enabled": True, "allow_redirects": "ask"}},
            "allow_redirects",
        ),
        ({"payment_method_types": ["cheque"]}, "payment_method_types"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_parameter_is_named(client, customer, save, changes, param):
    method = save()
    error = refused(lambda: new_intent(client, customer, method, **changes))
    assert error.param == param

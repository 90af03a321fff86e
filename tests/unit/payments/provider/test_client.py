"""What is said to the provider, and what its answers mean: each call may be repeated."""

from datetime import timedelta

import pytest
import stripe
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.payments.provider import client
from tests.unit.payments.hosted import keep_card, page

Alert = get_model("oscar_subscriptions", "Alert")

# In two pieces: a key of this form is none, but tools that look for keys can't know that.
LIVE_KEY = "sk_" + "live_" + "0" * 24
MISSING = "resource_missing"


def intent(standin, card="4242424242424242"):
    """Return the id of a payment that nobody has confirmed."""
    params = {
        "amount": 24_000,
        "currency": "eur",
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
    }
    return client.create_intent(params | keep_card(standin, card), "intent")["id"]


def paid(standin):
    """Return the id of a payment that is paid."""
    session = page()["id"]
    standin.pay(session)
    return client.fetch_session(session)["payment_intent"]["id"]


def test_the_same_key_gives_the_same_page_and_another_one_another(standin):
    assert page()["id"] == page()["id"] != page("two")["id"]


def test_a_key_that_was_used_for_something_else_is_refused(standin):
    page()
    with pytest.raises(client.RequestRefused):
        page(amount=1)


def test_a_page_is_read_with_its_payment_and_its_charge(standin):
    session = page()["id"]
    assert client.fetch_session(session)["payment_status"] == "unpaid"
    standin.pay(session)
    read = client.fetch_session(session)
    assert read["payment_status"] == "paid"
    assert read["payment_intent"]["latest_charge"]["amount"] == 24_000


@pytest.mark.parametrize("fetch", [client.fetch_session, client.fetch_intent])
def test_what_the_provider_does_not_know_is_nothing_and_what_it_does_not_tell_is_an_error(
    standin, fetch
):
    assert fetch("cs_unknown") is None
    for status in (400, 429):
        standin.fault(status=status)
        with pytest.raises(client.ProviderUnavailable):
            fetch("cs_unknown")


def test_an_answer_that_was_lost_is_asked_for_again(standin, monkeypatch):
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)
    standin.fault(path="checkout/sessions", lose="after")
    assert page()["id"] == page()["id"]


def test_a_payment_is_charged_once_and_a_cancelled_one_never(standin):
    one = intent(standin)
    client.confirm_intent(one, "confirm")
    client.cancel_intent(one)
    assert client.fetch_intent(one)["status"] == "succeeded"
    with pytest.raises(client.RequestRefused):
        client.confirm_intent(one, "confirm anew")


def test_a_payment_that_was_cancelled_is_not_charged_any_more(standin):
    one = intent(standin)
    for _ in range(2):
        client.cancel_intent(one)
    with pytest.raises(client.RequestRefused):
        client.confirm_intent(one, "confirm")
    assert client.fetch_intent(one)["status"] == "canceled"


def test_a_bank_that_refuses_is_no_error_and_is_read_from_the_payment(standin):
    one = intent(standin, "4000000000000341")
    client.confirm_intent(one, "confirm")
    assert client.fetch_intent(one)["status"] == "requires_payment_method"


def test_a_customer_is_made_once_and_deleted_once(standin):
    ids = {client.create_customer({"email": "a@example.com"}, "one")["id"] for _ in range(2)}
    [customer] = ids
    for _ in range(2):
        client.delete_customer(customer)
    assert client.client().v1.customers.retrieve(customer).deleted


def test_a_customer_who_is_not_there_is_told_apart_from_other_refusals(standin):
    with pytest.raises(client.CustomerUnknown):
        client.create_intent({"amount": 100, "currency": "eur", "customer": "cus_none"}, "one")
    with pytest.raises(client.RequestRefused) as refusal:
        client.create_intent({"amount": 1, "currency": "eur"}, "two")
    assert not isinstance(refusal.value, client.CustomerUnknown)


def test_a_page_that_is_closed_can_not_be_paid_and_a_paid_one_stays_paid(standin):
    closed = page()["id"]
    for _ in range(2):
        client.expire_session(closed)
    assert standin.pay(closed)["problem"]
    bought = page("two")["id"]
    standin.pay(bought)
    client.expire_session(bought)
    assert client.fetch_session(bought)["payment_status"] == "paid"


def test_a_payment_is_given_back_once_however_often_it_is_asked(standin):
    payment = paid(standin)
    for _ in range(2):
        client.refund(payment, "refund")
    assert [one["amount"] for one in client.fetch_reversals(payment)] == [24_000]
    with pytest.raises(client.RequestRefused):
        client.refund(payment, "another refund")


def test_refunds_and_disputes_of_one_payment_are_read_together(standin):
    payment = paid(standin)
    assert client.fetch_reversals(payment) == []
    standin.control(f"charges/{payment}/refund", amount=1_000)
    standin.control(f"charges/{payment}/dispute", amount=2_000)
    found = client.fetch_reversals(payment)
    assert [(one["object"], one["amount"]) for one in found] == [
        ("refund", 1_000),
        ("dispute", 2_000),
    ]


def test_pages_and_events_are_listed_since_a_moment_newest_first(standin):
    now = timezone.now()
    made = [page(reference)["id"] for reference in ("one", "two")]
    standin.pay(made[0])
    listed = [session["id"] for session in client.sessions_since(now - timedelta(minutes=1))]
    assert listed == made[::-1]
    later = now + timedelta(minutes=1)
    assert list(client.sessions_since(later)) == []
    kinds = ["checkout.session.completed", "charge.refunded"]
    [event] = client.events_since(now - timedelta(minutes=1), kinds)
    assert event["data"]["object"]["id"] == made[0]
    assert list(client.events_since(later, kinds)) == []


@pytest.mark.parametrize("status", [400, 429])
def test_a_list_that_is_not_told_is_not_taken_for_an_empty_one(standin, status):
    for listed in (
        lambda: list(client.sessions_since(timezone.now())),
        lambda: list(client.events_since(timezone.now(), ["charge.refunded"])),
        lambda: client.fetch_reversals("pi_1"),
    ):
        standin.fault(status=status)
        with pytest.raises(client.ProviderUnavailable):
            listed()


def test_the_key_says_whether_the_money_is_real(settings):
    assert not client.is_livemode()
    settings.STRIPE_LIVE_MODE = True
    settings.STRIPE_LIVE_SECRET_KEY = LIVE_KEY
    assert client.is_livemode()
    settings.STRIPE_LIVE_SECRET_KEY = ""
    assert not client.is_livemode()


def test_a_key_that_is_refused_is_silence_and_operators_are_told_once(db, standin, settings):
    settings.STRIPE_TEST_SECRET_KEY = "rotated"
    for _ in range(2):
        with pytest.raises(client.KeyRefused) as refusal:
            page()
    assert isinstance(refusal.value, client.ProviderUnavailable)
    assert [alert.kind for alert in Alert.objects.open()] == [alerts.PROVIDER_KEY]


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (stripe.InvalidRequestError("no", "amount"), client.RequestRefused),
        (stripe.IdempotencyError("no"), client.RequestRefused),
        (
            stripe.InvalidRequestError("no", "customer", "resource_missing"),
            client.CustomerUnknown,
        ),
        (stripe.InvalidRequestError("no", "price", "resource_missing"), client.RequestRefused),
        (stripe.CardError("no", "", "card_declined"), client.BankRefused),
        (stripe.AuthenticationError("no"), client.KeyRefused),
        (stripe.PermissionError("no"), client.KeyRefused),
        (stripe.RateLimitError("no"), client.ProviderUnavailable),
        (stripe.APIConnectionError("no"), client.ProviderUnavailable),
        (stripe.APIError("no"), client.ProviderUnavailable),
    ],
    ids=lambda one: getattr(one, "__name__", type(one).__name__),
)
def test_each_error_of_stripe_is_one_of_ours_with_its_words(db, raised, expected):
    with pytest.raises(Exception, match="no") as error, client.errors():
        raise raised
    assert type(error.value) is expected
    assert error.value.__cause__ is raised


def test_what_is_no_error_of_stripe_is_left_as_it_is():
    with pytest.raises(ZeroDivisionError), client.errors():
        raise ZeroDivisionError

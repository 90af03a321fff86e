"""What is said to the provider, and what its answers mean: each call may be repeated."""

import pytest
import stripe
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.payments.provider import (
    client,
    events,
    intents,
    key_alert,
    refunds,
    sessions,
)
from tests.unit.payments.hosted import keep_card, page

Alert = get_model("oscar_subscriptions", "Alert")

# In two pieces: a key of this form is none, but tools that look for keys can't know that.
LIVE_KEY = "sk_" + "live_" + "0" * 24
MISSING = "resource_missing"
REPLAYED = {"Idempotent-Replayed": "true"}


def intent(standin, card="4242424242424242"):
    """Return the id of a payment that nobody has confirmed."""
    params = {
        "amount": 24_000,
        "currency": "eur",
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
    }
    return intents.create_intent(params | keep_card(standin, card), "intent")["id"]


def paid(standin):
    """Return the id of a payment that is paid."""
    session = page()["id"]
    standin.pay(session)
    return sessions.fetch_session(session)["payment_intent"]["id"]


@pytest.mark.parametrize("fetch", [sessions.fetch_session, intents.fetch_intent])
def test_what_the_provider_does_not_know_is_nothing_and_what_it_does_not_tell_is_an_error(
    standin, fetch
):
    assert fetch("cs_unknown") is None
    for status in (400, 429):
        standin.fault(status=status)
        with pytest.raises(client.ProviderUnavailableError):
            fetch("cs_unknown")


def test_an_answer_that_was_lost_is_asked_for_again(standin, monkeypatch):
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)
    standin.fault(path="checkout/sessions", lose="after")
    assert page()["id"] == page()["id"]


@pytest.mark.parametrize("status", [400, 429])
def test_a_list_that_is_not_told_is_not_taken_for_an_empty_one(standin, status):
    for listed in (
        lambda: list(sessions.sessions_since(timezone.now())),
        lambda: list(events.events_since(timezone.now(), ["charge.refunded"])),
        lambda: refunds.fetch_reversals("pi_1"),
    ):
        standin.fault(status=status)
        with pytest.raises(client.ProviderUnavailableError):
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
        with pytest.raises(client.KeyRefusedError) as refusal:
            page()
    assert isinstance(refusal.value, client.ProviderUnavailableError)
    assert [alert.kind for alert in Alert.objects.open()] == [alerts.PROVIDER_KEY]


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (stripe.InvalidRequestError("no", "amount"), client.RequestRefusedError),
        (stripe.IdempotencyError("no"), client.KeyUsedError),
        (
            stripe.InvalidRequestError("no", "customer", "resource_missing"),
            client.CustomerUnknownError,
        ),
        (stripe.InvalidRequestError("no", "price", "resource_missing"), client.RequestRefusedError),
        (stripe.CardError("no", "", "card_declined"), client.BankRefusedError),
        (stripe.AuthenticationError("no"), client.KeyRefusedError),
        (stripe.PermissionError("no"), client.KeyRefusedError),
        (stripe.RateLimitError("no"), client.ProviderUnavailableError),
        (stripe.APIConnectionError("no"), client.ProviderUnavailableError),
        (stripe.APIError("no"), client.ProviderUnavailableError),
        (stripe.APIError("no", headers=REPLAYED), client.KeyUsedError),
        (stripe.CardError("no", "", "declined", headers=REPLAYED), client.BankRefusedError),
    ],
    ids=lambda one: getattr(one, "__name__", type(one).__name__),
)
def test_each_error_of_stripe_is_one_of_ours_with_its_words(db, raised, expected):
    with pytest.raises(Exception, match="no") as error, client.errors():
        raise raised
    assert type(error.value) is expected
    assert error.value.__cause__ is raised


@pytest.mark.parametrize("error", [stripe.AuthenticationError, stripe.PermissionError])
def test_operators_are_told_whether_the_key_is_unknown_or_lacks_a_right(db, error):
    with pytest.raises(client.KeyRefusedError), client.errors():
        raise error("no")
    keys = {stripe.AuthenticationError: key_alert.KEY, stripe.PermissionError: key_alert.RIGHT}
    assert Alert.objects.get().key == keys[error]


def test_what_is_no_error_of_stripe_is_left_as_it_is():
    with pytest.raises(ZeroDivisionError), client.errors():
        raise ZeroDivisionError


# Made once.


class Provider:
    """Knows which keys were used before, and what was made with them."""

    def __init__(self, *used):
        self.used, self.asked = used, []

    def create(self, key):
        self.asked.append(key)
        if key in self.used:
            raise client.KeyUsedError
        return f"made with {key}"


def test_the_reference_itself_is_the_first_key():
    provider = Provider()
    assert client.create_once(provider.create, "ref") == "made with ref"
    assert provider.asked == ["ref"]


def test_after_a_used_key_what_was_made_before_is_found():
    provider = Provider("ref")
    assert client.create_once(provider.create, "ref", lambda: "found") == "found"
    assert provider.asked == ["ref"]


def test_if_nothing_is_found_the_next_key_is_taken_the_same_in_every_process():
    for _ in range(2):
        provider = Provider("ref", "ref-2")
        assert client.create_once(provider.create, "ref") == "made with ref-3"


def test_what_was_made_with_a_later_key_is_found_as_well():
    answers = iter([None, "found"])
    assert client.create_once(Provider("ref", "ref-2").create, "ref", lambda: next(answers))


def test_keys_come_to_an_end_and_then_the_provider_is_as_silent():
    used = ["ref", *(f"ref-{number}" for number in range(2, client.KEYS + 1))]
    provider = Provider(*used)
    with pytest.raises(client.ProviderUnavailableError):
        client.create_once(provider.create, "ref")
    assert provider.asked == used


def test_a_refusal_is_no_reason_for_another_key():
    def refuse(key):
        raise client.RequestRefusedError("no", "email")

    with pytest.raises(client.RequestRefusedError) as refusal:
        client.create_once(refuse, "ref")
    assert (refusal.value.param, refusal.value.is_missing) == ("email", False)

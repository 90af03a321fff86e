"""The checks of dj-stripe's rows, by a shop in which somebody has changed one."""

import pytest
from djstripe.models import APIKey, WebhookEndpoint

from oscar_subscriptions.payments.provider.events import EVENTS
from tests.checking import found_in_data

# In two pieces: keys of this form are none, but tools that look for keys can't know that.
OLD_KEY = "sk_" + "test_" + "9" * 24
OLD_LIVE_KEY = "sk_" + "live_" + "9" * 24


def change(endpoint, **values):
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(**values)


@pytest.mark.usefixtures("no_mistake")
def test_e104_an_endpoint_that_verifies_nothing(endpoint):
    change(endpoint, djstripe_validation_method="none")
    assert list(found_in_data()) == ["E104"]


@pytest.mark.usefixtures("no_mistake")
def test_e105_an_endpoint_that_refuses_everything(endpoint):
    change(endpoint, djstripe_validation_method="retrieve_event")
    assert list(found_in_data()) == ["E105"]


@pytest.mark.usefixtures("no_mistake")
def test_e104_every_endpoint_is_looked_at_also_of_the_other_mode(endpoint):
    WebhookEndpoint.objects.create(
        id="we_2", livemode=True, enabled_events=[], secret="whsec_2", status="disabled",
        url="https://shop.example/old/", djstripe_validation_method="none",
    )  # fmt: skip
    assert list(found_in_data()) == ["E104"]
    assert "https://shop.example/old/" in found_in_data()["E104"]


@pytest.mark.usefixtures("no_mistake")
@pytest.mark.parametrize(
    ("seconds", "ids"), [(0, ["W102"]), (1, []), (600, []), (601, ["W102"]), (30_000, ["W102"])]
)
def test_fault_25_w102_events_of_any_age(endpoint, seconds, ids):
    change(endpoint, djstripe_tolerance=seconds)
    assert list(found_in_data()) == ids


def test_w103_no_endpoint(shop):
    assert list(found_in_data()) == ["W103"]


@pytest.mark.usefixtures("no_mistake")
@pytest.mark.parametrize("values", [{"livemode": True}, {"status": "disabled"}])
def test_w103_no_endpoint_that_hears_of_our_payments(endpoint, values):
    change(endpoint, **values)
    assert list(found_in_data()) == ["W103"]


@pytest.mark.usefixtures("no_mistake")
@pytest.mark.parametrize("event", EVENTS)
def test_w104_an_event_is_not_subscribed_to(endpoint, event):
    change(endpoint, enabled_events=[other for other in EVENTS if other != event])
    assert list(found_in_data()) == ["W104"]
    assert found_in_data()["W104"].endswith(f"does not hear of {event}.")


@pytest.mark.usefixtures("no_mistake")
def test_an_endpoint_that_hears_of_everything_hears_of_ours(endpoint):
    change(endpoint, enabled_events=["*"])
    assert found_in_data() == {}


@pytest.mark.usefixtures("no_mistake")
def test_two_endpoints_may_share_the_events(endpoint):
    first, *rest = EVENTS
    change(endpoint, enabled_events=rest)
    WebhookEndpoint.objects.create(
        id="we_2", livemode=False, enabled_events=[first], secret="whsec_2", status="enabled",
        url="https://shop.example/second/",
    )  # fmt: skip
    assert found_in_data() == {}


@pytest.mark.usefixtures("no_mistake")
@pytest.mark.parametrize("secret", [OLD_KEY, OLD_LIVE_KEY])
def test_fault_32_w105_a_stored_key_that_payments_are_not_made_with(settings, secret):
    APIKey.objects.get_or_create_by_api_key(settings.STRIPE_TEST_SECRET_KEY)
    assert found_in_data() == {}
    APIKey.objects.get_or_create_by_api_key(secret)
    assert list(found_in_data()) == ["W105"]
    assert secret not in found_in_data()["W105"] and "_...9999" in found_in_data()["W105"]

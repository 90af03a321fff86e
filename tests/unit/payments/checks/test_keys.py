"""The checks of the payment settings, by a shop that has made that mistake."""

import pytest

from tests.checking import ids

# In two pieces: a key of this form is none, but tools that look for keys can't know that.
LIVE_KEY = "sk_" + "live_" + "0" * 24
TEST_KEY = "sk_" + "test_" + "1" * 24


def test_e101_no_key(settings):
    settings.STRIPE_TEST_SECRET_KEY = ""
    assert ids() == ["E101"]


def test_fault_27_e102_debugging_with_real_money(settings):
    settings.STRIPE_LIVE_MODE = True
    settings.STRIPE_LIVE_SECRET_KEY = LIVE_KEY
    assert ids() == []
    settings.DEBUG = True
    assert ids() == ["E102"]


@pytest.mark.parametrize("live", ["STRIPE_SECRET_KEY", "STRIPE_LIVE_SECRET_KEY"])
def test_fault_27_e102_the_header_works_for_every_endpoint_also_of_the_other_mode(settings, live):
    settings.DEBUG = True
    assert ids() == []
    setattr(settings, live, LIVE_KEY)
    assert ids() == ["E102"]


def test_e103_webhooks_use_another_key_than_payments(settings):
    settings.STRIPE_SECRET_KEY = TEST_KEY
    assert ids() == ["E103"]
    settings.STRIPE_TEST_SECRET_KEY = TEST_KEY
    assert ids() == []
    del settings.STRIPE_TEST_SECRET_KEY
    assert ids() == []


@pytest.mark.parametrize(
    ("minutes", "found"), [(29, ["W101"]), (30, []), (1440, []), (1441, ["W101"])]
)
def test_w101_a_hosted_page_lives_as_long_as_stripe_allows(settings, minutes, found):
    settings.OSCAR_SUBSCRIPTIONS_SESSION_MINUTES = minutes
    assert ids() == found


@pytest.mark.parametrize(
    ("base_url", "found"),
    [
        ("https://shop.example", []),
        ("http://127.0.0.1:8000/", []),
        ("shop.example", ["E107"]),
        ("//shop.example", ["E107"]),
        ("ftp://shop.example", ["E107"]),
        ("https://", ["E107"]),
        ("", ["W106"]),
        (None, ["W106"]),
    ],
)
def test_fault_121_e107_w106_members_are_sent_back_to_an_address_of_the_shop(
    settings, base_url, found
):
    settings.OSCAR_SUBSCRIPTIONS_BASE_URL = base_url
    assert ids() == found
    settings.DEBUG = True
    assert ids() == [one for one in found if one != "W106"]


@pytest.mark.parametrize(
    ("questions", "found"),
    [(1, []), ("500", []), (0, ["E108"]), (-1, ["E108"]), ("many", ["E108"]), (None, ["E108"])],
)
def test_e108_the_doctor_may_ask_the_provider_at_least_once(settings, questions, found):
    settings.OSCAR_SUBSCRIPTIONS_DOCTOR_QUESTIONS = questions
    assert ids() == found

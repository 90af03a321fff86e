"""What the provider is asked for when it makes a page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from oscar_subscriptions.payments.attempts import hosted, page_params


@pytest.fixture
def attempt(shop):
    return hosted.begin(shop.make_order(shop.make_user()))


def asked(attempt):
    return page_params.session_params(attempt, "https://a.example/", "https://b.example/")


def test_the_page_asks_for_the_exact_amount_of_one_thing(attempt):
    params = asked(attempt)
    [line] = params["line_items"]
    assert line["quantity"] == 1
    assert (line["price_data"]["unit_amount"], line["price_data"]["currency"]) == (24_000, "eur")
    assert params["client_reference_id"] == str(attempt.reference)
    assert params["metadata"]["order"] == attempt.order.number


@pytest.mark.parametrize(("language", "locale"), [("fr", "fr"), ("en-gb", "en"), ("de", "auto")])
def test_the_page_speaks_the_members_language_where_it_can(attempt, language, locale):
    with translation.override(language):
        assert asked(attempt)["locale"] == locale


@pytest.mark.parametrize(("minutes", "kept"), [(5, 31), (60, 60), (10_000, 1440)])
def test_the_page_lives_as_long_as_the_shop_says_within_the_providers_limits(
    attempt, settings, minutes, kept
):
    settings.OSCAR_SUBSCRIPTIONS_SESSION_MINUTES = minutes
    left = datetime.fromtimestamp(asked(attempt)["expires_at"], UTC) - datetime.now(UTC)
    assert abs(left - timedelta(minutes=kept)) < timedelta(minutes=1)

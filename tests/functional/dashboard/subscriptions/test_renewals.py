"""Operators see how automatic renewal stands."""

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from tests.functional import pages

AutoRenewal = get_model("oscar_subscriptions", "AutoRenewal")


@pytest.fixture
def subscription(shop, settings):
    """With automatic renewal, announced, and refused once."""
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    term = shop.grant(shop.make_user("ada", first_name="Ada", last_name="Martin"))
    shop.make_renewal(term, tries=1, status="waiting", problem="insufficient_funds")
    return term.subscription


def address(subscription, name="subscription-detail"):
    return reverse(f"subscriptions-dashboard:{name}", args=[subscription.pk])


def test_the_page_says_what_was_agreed_and_what_went_wrong(desk, subscription):
    page = pages.text(desk.get(address(subscription)))
    assert "Renew it." in page
    assert "insufficient_funds (1 try refused)" in page


def test_a_subscription_without_it_has_no_such_section(desk, shop):
    term = shop.grant(shop.make_user("ada"))
    page = pages.soup(desk.get(address(term.subscription)))
    assert page.find(id="auto-renewal") is None

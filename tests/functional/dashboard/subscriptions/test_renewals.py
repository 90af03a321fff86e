"""Operators see how automatic renewal stands, and switch it off with a reason."""

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions.agreements import auto_renewal
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


def stop(desk, subscription, reason):
    values = {"reason": reason}
    return desk.post(address(subscription, "subscription-stop-renewal"), values, follow=True)


def test_the_page_says_what_was_agreed_and_what_went_wrong(desk, subscription):
    page = pages.text(desk.get(address(subscription)))
    assert "Renew it." in page
    assert "insufficient_funds (1 try refused)" in page
    assert pages.soup(desk.get(address(subscription))).find(id="stop_renewal_form")


def test_a_subscription_without_it_has_no_such_section(desk, shop):
    term = shop.grant(shop.make_user("ada"))
    page = pages.soup(desk.get(address(term.subscription)))
    assert page.find(id="auto-renewal") is None


def test_an_operator_switches_it_off_with_a_reason(desk, operator, subscription):
    page = pages.text(stop(desk, subscription, "Ada called"))
    assert "Automatic renewal is off. Nothing will be charged automatically." in page
    assert "Ada called" in page
    consent = AutoRenewal.objects.get()
    assert (consent.ended_by, consent.end_reason) == (operator, "Ada called")
    assert consent.planned.get().status == "dropped"
    assert not auto_renewal.is_on(subscription)
    assert pages.soup(desk.get(address(subscription))).find(id="stop_renewal_form") is None


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_happens(desk, subscription, reason):
    assert "Please say why" in pages.text(stop(desk, subscription, reason))
    assert auto_renewal.is_on(subscription)


def test_members_do_not_get_there(client, shop, subscription):
    client.force_login(shop.make_user("member"))
    stop(client, subscription, "why not")
    assert auto_renewal.is_on(subscription)

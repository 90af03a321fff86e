"""Reminders are stopped by whoever has the link, and switched on again on the member's page."""

import pytest
from django.test import Client
from django.urls import reverse

from oscar_subscriptions.reminders import opt_out
from tests.functional import pages

MINE = reverse("subscriptions:my-subscription")


@pytest.fixture
def term(shop):
    return shop.grant(shop.make_user())


@pytest.fixture
def link(term):
    """As in an e-mail."""
    token = opt_out.token(term.subscription)
    return reverse("subscriptions:reminders", kwargs={"token": token})


def are_off(term):
    term.subscription.refresh_from_db()
    return term.subscription.reminders_off_at is not None


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_mail_scanner_that_opens_the_link_stops_nothing(client, term, link, method):
    assert getattr(client, method)(link).status_code == 200
    assert not are_off(term)


def test_the_button_on_the_page_stops_them_without_signing_in(client, term, link):
    page = client.get(link)
    assert "before “Silver” ends?" in pages.text(page)
    response = client.post(link, pages.form_values(page, "unsubscribe_form"))
    assert "no more reminders of “Silver”" in pages.text(response)
    assert are_off(term)


def test_the_page_tells_nothing_of_the_member_and_stays_in_no_cache(client, term, link):
    response = client.get(link)
    assert "member@example.com" not in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert pages.soup(response).find("meta", attrs={"name": "robots"})["content"] == "noindex"


def test_a_mail_programs_own_button_stops_them(term, link):
    """RFC 8058: a POST from another site, without cookies or a CSRF token."""
    client = Client(enforce_csrf_checks=True)
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert are_off(term)
    stopped_at = term.subscription.reminders_off_at
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert are_off(term)
    assert term.subscription.reminders_off_at == stopped_at


def test_an_address_that_is_not_ours_is_not_found(client, term, link):
    other = link.replace(f"/{term.subscription_id}.", f"/{term.subscription_id + 1}.")
    assert other != link
    for forged in (other, link[:-2] + "/"):
        assert client.get(forged).status_code == 404
        assert client.post(forged).status_code == 404
    assert not are_off(term)


def test_a_member_switches_them_off_and_on_on_his_page(client, term):
    client.force_login(term.subscription.user)
    switch = reverse("subscriptions:switch-reminders", kwargs={"pk": term.subscription_id})
    form = pages.soup(client.get(MINE)).find("form", action=switch)
    assert form.button["value"] == "off"
    page = client.post(switch, {"reminders": "off"}, follow=True)
    assert are_off(term)
    assert "will not remind you" in pages.text(page)
    form = pages.soup(page).find("form", action=switch)
    assert form.button["value"] == "on"
    page = client.post(switch, {"reminders": "on"}, follow=True)
    assert not are_off(term)
    assert "We will remind you" in pages.text(page)


def test_nobody_switches_those_of_another(client, shop, term):
    switch = reverse("subscriptions:switch-reminders", kwargs={"pk": term.subscription_id})
    assert client.post(switch, {"reminders": "off"}).headers["Location"].endswith(f"?next={MINE}")
    client.force_login(shop.make_user("other"))
    assert client.post(switch, {"reminders": "off"}).status_code == 404
    assert client.get(switch).status_code == 405
    assert not are_off(term)


def test_another_sites_form_switches_nothing(term):
    client = Client(enforce_csrf_checks=True)
    client.force_login(term.subscription.user)
    switch = reverse("subscriptions:switch-reminders", kwargs={"pk": term.subscription_id})
    assert client.post(switch, {"reminders": "off"}).status_code == 403
    assert not are_off(term)

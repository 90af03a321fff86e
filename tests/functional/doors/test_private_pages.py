"""Nothing private is left in a cache: neither a browser's nor a proxy's."""

import pytest
from django.apps import apps
from django.test import Client

from oscar_subscriptions.http.private_pages import PrivatePagesMixin
from tests.functional.doors import every_page

PUBLIC = {
    "subscriptions:plan-list",
    "subscriptions:terms-of-sale",
    "subscriptions:guide",
    "subscriptions:seller",
}


def is_stored(response):
    return "no-store" not in response.headers.get("Cache-Control", "")


@pytest.mark.parametrize("name", sorted({*every_page.NAMES} - PUBLIC))
def test_fault_117_a_page_or_file_that_needs_signing_in_is_not_stored(
    rows, member_browser, staff_browser, name
):
    browser = staff_browser if every_page.is_for_staff(name) else member_browser
    url = every_page.address(name, rows)
    for who in (browser, member_browser, Client()):
        for send in (who.get, who.post):
            response = send(url)
            # The pages of Django's handlers say nothing about a member.
            assert response.status_code in (403, 404) or not is_stored(response), (who, send)


def test_fault_117_the_refusal_of_the_member_space_is_not_stored(shop, client):
    client.force_login(shop.make_user())
    refused = client.get("/members/space/")
    assert refused.status_code == 403 and not is_stored(refused)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_what_everybody_may_see_needs_no_signing_in(rows, name):
    assert Client().get(every_page.address(name, rows)).status_code == 200


def test_fault_117_without_the_mechanism_a_page_is_stored_control(
    rows, member_browser, monkeypatch
):
    config = apps.get_app_config("oscar_subscriptions")
    monkeypatch.setattr(PrivatePagesMixin, "get_url_decorator", lambda self, pattern: None)
    [pattern] = [each for each in config.get_urls() if each.name == "my-subscription"]
    request = member_browser.get("/members/subscription/").wsgi_request
    assert is_stored(pattern.callback(request))

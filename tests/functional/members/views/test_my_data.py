"""Members download what the shop knows of them."""

import pytest
from django.urls import reverse

from oscar_subscriptions import fulfilment, privacy
from tests.functional import pages

URL = reverse("subscriptions:my-data")


@pytest.fixture
def known(shop, member):
    """A member with a subscription; beside another member."""
    fulfilment.order_paid(shop.make_order(shop.make_user("stranger")))
    fulfilment.order_paid(shop.make_order(member))
    return member


def test_a_member_downloads_the_own_data_and_no_cache_keeps_it(client, known):
    response = client.get(URL)
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert "no-store" in response.headers["Cache-Control"]
    assert response.json() == privacy.export(known)
    assert client.get(URL, {"user": "stranger"}).json() == privacy.export(known)


def test_the_download_is_on_my_subscription(client, known):
    page = pages.soup(client.get(reverse("subscriptions:my-subscription")))
    assert page.find("a", href=URL) is not None


def test_a_visitor_is_led_to_sign_in(client, shop):
    assert client.get(URL).headers["Location"] == f"{reverse('customer:login')}?next={URL}"

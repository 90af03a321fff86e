"""The seller chooses which services stay when the plan allows fewer than there are."""

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions.sellers import parking
from tests.functional import pages

Product = get_model("catalogue", "Product")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db


@pytest.fixture
def services(shop, client):
    """Three services of a seller whose plan has come to allow two; the youngest is parked."""
    seller = shop.make_seller()
    made = [shop.make_service(seller, title=f"Service {number}") for number in range(3)]
    Term.objects.update(listing_limit=2)
    parking.park(seller)
    client.force_login(seller.user)
    return made


def in_shop():
    public = Product.objects.filter(title__startswith="Service", is_public=True)
    return sorted(public.values_list("title", flat=True))


def choose(client, *services):
    url = reverse("subscriptions:service-choose")
    return client.post(url, {"service": [one.pk for one in services]}, follow=True)


def test_member_space_says_that_one_is_above_the_limit_and_leads_to_the_choice(client, services):
    page = client.get(reverse("subscriptions:member-space"))
    assert "1 service is not in the shop" in pages.text(page)
    assert pages.soup(page).find("a", href=reverse("subscriptions:service-choose"))
    assert pages.soup(page).find("span", {"data-state": "over-limit"})


def test_page_ticks_what_is_in_the_shop(client, services):
    page = pages.soup(client.get(reverse("subscriptions:service-choose")))
    ticked = [box["value"] for box in page.select("#choose_form input[checked]")]
    assert ticked == [str(one.pk) for one in services[:2]]


def test_choice_is_in_the_shop_and_the_other_is_kept(client, services):
    page = choose(client, services[0], services[2])
    assert in_shop() == ["Service 0", "Service 2"]
    assert "Your choice of services is in the shop." in pages.text(page)
    assert Product.objects.filter(pk=services[1].pk).exists()


def test_too_many_are_refused_and_stay_ticked(client, services):
    page = choose(client, *services)
    assert in_shop() == ["Service 0", "Service 1"]
    assert "more services than your subscription allows" in pages.text(page)
    assert len(pages.soup(page).select("#choose_form input[checked]")) == 3


def test_numbers_that_are_none_choose_nothing(client, services):
    url = reverse("subscriptions:service-choose")
    client.post(url, {"service": ["x", "²", "-1", "99999999"]})
    assert in_shop() == []


def test_others_are_refused(client, services, shop):
    client.force_login(shop.make_user("other"))
    assert choose(client, services[2]).status_code == 403
    assert in_shop() == ["Service 0", "Service 1"]

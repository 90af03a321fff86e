"""The basket's forms refuse what does not go with a plan, and say why."""

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from tests.functional import pages
from tests.functional.basket.contents import lines, saved

Basket = get_model("basket", "Basket")

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("quantity", [0, 2, 7, 10**12])
def test_forged_quantity_is_refused_when_adding(shop, member, client, quantity):
    pages.add_to_basket(client, shop.plan.product, quantity=quantity)
    assert lines() == []


def test_forged_quantity_is_refused_in_the_basket(shop, member, client):
    page = pages.add_to_basket(client, shop.plan.product)
    values = pages.form_values(page, "basket_formset") | {"form-0-quantity": "7"}
    response = client.post(reverse("basket:summary"), values)
    assert lines() == [("Silver", 1)]
    assert "its quantity is 1" in pages.text(response)


def test_plan_can_be_removed_without_javascript(shop, member, client):
    page = pages.add_to_basket(client, shop.plan.product)
    values = pages.form_values(page, "basket_formset") | {"form-0-DELETE": "on"}
    client.post(reverse("basket:summary"), values)
    assert lines() == []


def test_plan_beside_a_service_is_refused_and_the_service_stays(shop, member, client):
    service = shop.make_service(shop.make_seller())
    pages.add_to_basket(client, service)
    response = pages.add_to_basket(client, shop.plan.product)
    assert lines() == [("Coaching", 1)]
    assert "ordered on its own" in pages.text(response)


def test_service_beside_a_plan_is_refused_and_the_plan_stays(shop, member, client):
    service = shop.make_service(shop.make_seller())
    pages.add_to_basket(client, shop.plan.product)
    response = pages.add_to_basket(client, service)
    assert lines() == [("Silver", 1)]
    assert "ordered on its own" in pages.text(response)


def test_saved_service_can_not_be_moved_beside_a_plan(shop, member, client):
    service = shop.make_service(shop.make_seller())
    basket = Basket.saved.create(owner=member)
    basket.strategy = shop.strategy(member)
    basket.add_product(service, 1)
    page = pages.add_to_basket(client, shop.plan.product)
    values = pages.form_values(page, "saved_basket_formset") | {"saved-0-move_to_basket": "on"}
    client.post(reverse("basket:saved"), values)
    assert lines() == [("Silver", 1)]
    assert saved() == ["Coaching"]

"""A service is ordered from somebody who is a seller that day, whatever is in the basket."""

from datetime import date

import pytest
from oscar.apps.basket.abstract_models import AbstractBasket
from oscar.apps.partner.strategy import Default
from oscar.core.loading import get_class, get_model

from oscar_subscriptions.plans import service_eligibility

Basket = get_model("basket", "Basket")


@pytest.fixture
def member(shop):
    return shop.make_user()


def lines(user, *products):
    basket = Basket.objects.create(owner=user)
    basket.strategy = get_class("partner.strategy", "Selector")().strategy()
    for product in products:
        AbstractBasket.add_product(basket, product, 1)  # as in a shop without our basket
    return basket.all_lines()


def test_the_services_of_a_lapsed_seller_can_t_be_ordered_from_the_day_after(
    shop, member, time_machine
):
    time_machine.move_to("2017-02-03 12:00+01:00")
    open_service = shop.make_service(shop.make_seller("other", starts_on=date(2017, 6, 1)))
    service = shop.make_service(shop.make_seller(), "Coaching")
    basket = list(lines(member, shop.make_plan("Book").product, service, open_service))
    time_machine.move_to("2018-02-03 23:59+01:00")
    basket[0].basket.strategy = shop.strategy(member)
    assert service_eligibility.problem_with_services(basket) == ""
    time_machine.move_to("2018-02-04 00:00+01:00")
    basket[0].basket.strategy = shop.strategy(member)
    assert service_eligibility.problem_with_services(basket) == "“Coaching” is no longer offered."
    # In a shop without our strategy.
    basket[0].basket.strategy = Default()
    assert service_eligibility.problem_with_services(basket) == "“Coaching” is no longer offered."


def test_hole_o7_a_hidden_service_can_t_be_added_by_its_number(shop):
    service = shop.make_service(shop.make_seller())
    assert service_eligibility.problem_with_product(service) == ""
    service.is_public = False
    assert "no longer offered" in service_eligibility.problem_with_product(service)


def test_a_lapsed_sellers_service_can_t_be_added_from_the_day_after(shop, time_machine):
    service = shop.make_service(shop.make_seller(starts_on=date(2017, 2, 3)))
    time_machine.move_to("2018-02-03 23:59+01:00")
    assert service_eligibility.problem_with_product(service) == ""
    time_machine.move_to("2018-02-04 00:00+01:00")
    assert "no longer offered" in service_eligibility.problem_with_product(service)


def test_hidden_products_of_the_shop_itself_are_left_to_oscar(shop):
    hidden = shop.make_plan("Hidden", is_public=False).product
    assert service_eligibility.problem_with_product(hidden) == ""

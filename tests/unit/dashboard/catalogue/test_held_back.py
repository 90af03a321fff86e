"""What keeps a product out of the shop, as the form of a product asks it."""

import pytest

from oscar_subscriptions.dashboard.catalogue import held_back
from oscar_subscriptions.sellers import parking, take_downs


@pytest.fixture
def seller(shop):
    return shop.make_seller()


def test_a_new_product_is_held_back_by_nothing(db):
    assert held_back.parking_of(None) is None
    assert held_back.take_down_of(None) is None
    assert held_back.seller_of(None) is None


def test_a_service_belongs_to_its_seller_and_a_plan_to_none(shop, seller):
    assert held_back.seller_of(shop.make_service(seller)) == seller
    shop.attach_first(seller)
    assert held_back.seller_of(shop.plan.product) is None


def test_one_that_was_taken_down_stops_those_that_are_published_with_it(shop, seller):
    down, other = shop.make_service(seller), shop.make_service(seller, "Audit")
    take_downs.take_down(seller, down, reason="A copy.", actor=shop.make_operator())
    assert held_back.problem_with_publishing([other]) == ""
    assert "“Coaching” was taken down: A copy." in held_back.problem_with_publishing([other, down])


def test_the_parked_ones_among_several_are_found(shop, seller):
    parked, other = shop.make_service(seller), shop.make_service(seller, "Audit")
    seller.parked_listings.create(product=parked)
    parking.hide(parked)
    assert [row.product for row in held_back.parkings_among([other, parked])] == [parked]
    assert held_back.parkings_among([other]) == []


def test_sellers_of_products_are_locked_in_one_query(shop, seller, django_assert_num_queries):
    services = [shop.make_service(seller), shop.make_service(shop.make_seller("other"), "Audit")]
    with django_assert_num_queries(1):
        held_back.lock_sellers_of([service.pk for service in services])

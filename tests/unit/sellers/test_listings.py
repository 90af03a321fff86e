"""The services of one seller, as the page lists them."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.sellers import listings, parking

Product = get_model("catalogue", "Product")


@pytest.fixture
def seller(shop):
    return shop.make_seller()


def titles(seller):
    return sorted(listings.own_services(seller).values_list("title", flat=True))


def test_public_withdrawn_and_parked_services_are_on_it(shop, seller):
    shop.make_service(seller, "Open")
    shop.make_service(seller, "Away", is_public=False)
    parked = shop.make_service(seller, "Parked", is_public=False)
    seller.parked_listings.create(product=parked)
    assert {one.title: one.is_parked for one in listings.own_services(seller)} == {
        "Open": False,
        "Away": False,
        "Parked": True,
    }


def test_what_others_sell_is_not_on_it(shop, seller):
    other = shop.make_seller("other")
    shop.make_service(other, "Theirs")
    both = shop.make_service(seller, "Both")
    other.partner.stockrecords.create(product=both, partner_sku="b", price=1)
    shop.plan.product.stockrecords.update(partner=seller.partner)
    assert titles(seller) == []


def test_product_with_variants_is_not_on_it(shop, seller):
    service = shop.make_service(seller, "With variants")
    Product.objects.filter(pk=service.pk).update(structure=Product.PARENT)
    assert titles(seller) == []


def test_each_has_the_stock_record_in_three_queries_at_most(
    shop, seller, django_assert_max_num_queries
):
    made = [shop.make_service(seller, f"Service {number}") for number in range(4)]
    with django_assert_max_num_queries(3):
        records = {one.pk: one.own_records for one in listings.own_services(seller)}
    assert records == {one.pk: list(one.stockrecords.all()) for one in made}


@pytest.fixture
def services(shop, seller):
    return [shop.make_service(seller, "Mentoring"), shop.make_service(seller, "Training")]


@pytest.fixture
def lapse(seller, time_machine):
    return lambda: time_machine.move_to("2018-02-04 00:00+01:00")


def test_only_those_with_something_to_do_are_visited(shop, seller, services, lapse):
    idle = shop.make_seller("idle")
    lapse()
    assert list(listings.to_park()) == [seller]
    parking.park(seller)
    assert list(listings.to_park()) == []
    shop.grant(seller.user)
    shop.grant(idle.user)
    assert list(listings.to_restore()) == [seller]


def test_only_public_services_count(shop, seller, services):
    shop.make_service(seller, is_public=False)
    assert listings.count_public(seller) == 2

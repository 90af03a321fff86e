"""What can be bought today, as every page of the shop asks it."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from oscar.core.loading import get_class, get_model

from oscar_subscriptions.sellers import parking
from oscar_subscriptions.strategy import NotOnSale, SellerLapsed

Plan = get_model("oscar_subscriptions", "Plan")


@pytest.fixture
def strategy():
    """``strategy()`` – as at the start of a request."""
    return lambda: get_class("partner.strategy", "Selector")().strategy()


@pytest.fixture
def available(strategy):
    def ask(product):
        return strategy().fetch_for_product(product).availability.is_available_to_buy

    return ask


def test_a_plan_is_available_while_it_is_on_sale(shop, available, strategy):
    assert available(shop.plan.product)
    Plan.objects.update(is_on_sale=False)
    assert isinstance(strategy().fetch_for_product(shop.plan.product).availability, NotOnSale)


def test_a_hidden_plan_can_t_be_bought_by_its_number(shop, available):
    shop.plan.product.is_public = False
    shop.plan.product.save()
    assert not available(shop.plan.product)


def test_a_plan_off_sale_is_available_to_those_who_may_renew_it(shop, rf):
    other, user = shop.make_user("other"), shop.make_user()
    shop.grant(user)
    Plan.objects.update(is_on_sale=False, is_renewable=True)
    for visitor, expected in ((user, True), (other, False), (AnonymousUser(), False)):
        request = rf.get("/")
        request.user = visitor
        asked = get_class("partner.strategy", "Selector")().strategy(request=request)
        info = asked.fetch_for_product(shop.plan.product)
        assert info.availability.is_available_to_buy == expected


def test_a_refusal_says_why(shop, strategy):
    Plan.objects.update(is_on_sale=False)
    availability = strategy().fetch_for_product(shop.plan.product).availability
    assert availability.is_purchase_permitted(1) == (False, "No longer on sale")


def test_fault_45_a_service_can_t_be_bought_from_the_day_after_although_nothing_has_run(
    shop, available, strategy, time_machine
):
    service = shop.make_service(shop.make_seller(starts_on=date(2017, 2, 3)))
    time_machine.move_to("2018-02-03 23:59+01:00")
    assert available(service)
    time_machine.move_to("2018-02-04 00:00+01:00")
    assert isinstance(strategy().fetch_for_product(service).availability, SellerLapsed)
    assert service.is_public


def test_a_parked_or_withdrawn_service_can_t_be_bought_by_its_number(shop, available):
    seller = shop.make_seller()
    withdrawn = shop.make_service(seller, is_public=False)
    assert not available(withdrawn)
    service = shop.make_service(seller)
    parking.hide(service)
    assert not available(service)
    parking.publish(service)
    assert available(service)


def test_the_shops_own_hidden_products_keep_the_shops_own_rules(shop, available):
    book = shop.make_plan("Book").product
    Plan.objects.filter(product=book).delete()
    book.is_public = False
    book.save()
    assert available(book)


def test_a_product_without_a_price_is_left_to_the_shops_strategy(shop, available):
    book = shop.make_plan("Book").product
    book.stockrecords.all().delete()
    assert not available(book)


def test_one_query_for_each_page_whatever_the_number_of_products(
    shop, strategy, django_assert_num_queries
):
    for number in range(4):
        shop.make_service(shop.make_seller(f"seller-{number}"))
    products = list(
        get_model("catalogue", "Product").objects.prefetch_related("product_class", "stockrecords")
    )
    pairs = [(product, product.stockrecords.all()[0]) for product in products]
    assert len(pairs) == 5
    for some in (pairs[:2], pairs):
        asked = strategy()
        with django_assert_num_queries(1):
            for product, stockrecord in some:
                asked.availability_policy(product, stockrecord)

"""The basket keeps a plan alone and its quantity at 1, by whatever way something gets into it."""

import pytest
from oscar.core.loading import get_model

Basket = get_model("basket", "Basket")


@pytest.fixture
def member(shop):
    return shop.make_user()


@pytest.fixture
def service(shop):
    return shop.make_service(shop.make_seller())


@pytest.fixture
def basket_with(shop):
    """``basket_with(product, …, owner=…)`` – a new open basket."""

    def make(*products, owner=None):
        basket = Basket.objects.create(owner=owner)
        basket.strategy = shop.strategy(owner)
        for product in products:
            basket.add_product(product)
        return basket

    return make


def contents(basket):
    return [(line.product.title, line.quantity) for line in basket.lines.order_by("pk")]


def saved(owner):
    return [
        line.product.title for kept in Basket.saved.filter(owner=owner) for line in kept.lines.all()
    ]


def test_a_plan_that_is_added_again_and_again_is_there_once(shop, member, service, basket_with):
    basket = basket_with(shop.plan.product, shop.plan.product, owner=member)
    assert contents(basket) == [("Silver", 1)]
    assert contents(basket_with(service, service, owner=member)) == [("Coaching", 2)]


def test_a_line_that_is_added_or_removed_past_the_basket_is_not_missed(shop, service, basket_with):
    basket = basket_with()
    assert basket.is_empty
    record = service.stockrecords.get()
    values = {"price_currency": "EUR", "line_reference": "bundle", "stockrecord": record}
    basket.lines.create(product=service, **values)
    assert [line.product for line in basket.all_lines()] == [service]
    assert basket.num_lines == 1
    basket.lines.all().delete()
    assert basket.is_empty


def test_lines_are_read_once_with_all_that_a_page_asks(
    shop, service, basket_with, django_assert_num_queries
):
    basket = basket_with(service, shop.make_service(shop.make_seller("bea"), "Training"))
    with django_assert_num_queries(4):  # lines, options, pictures, stock records
        assert (basket.is_empty, basket.num_lines, basket.num_items) == (False, 2, 2)
        for line in basket.all_lines():
            assert line.product.get_product_class() is not None
            assert getattr(line.product, "subscription_plan", None) is None
            assert list(line.product.stockrecords.all()) == [line.stockrecord]


def test_a_visitors_service_is_saved_where_the_member_has_a_plan(
    shop, member, service, basket_with
):
    own = basket_with(shop.plan.product, owner=member)
    own.merge(basket_with(service))
    assert (contents(own), saved(member)) == ([("Silver", 1)], ["Coaching"])


def test_a_visitors_plan_is_saved_where_the_member_has_something_else(
    shop, member, service, basket_with
):
    gold = shop.make_plan("Gold").product
    for product in (service, gold):
        own = basket_with(product, owner=member)
        own.merge(basket_with(shop.plan.product))
        assert contents(own) == [(product.title, 1)]
    assert saved(member) == ["Silver"]


def test_of_a_visitors_basket_that_does_not_fit_together_the_rest_is_saved(
    shop, member, service, basket_with
):
    own = basket_with(owner=member)
    own.merge(basket_with(shop.plan.product, service))
    assert (contents(own), saved(member)) == ([("Silver", 1)], ["Coaching"])


def test_the_same_plan_in_both_baskets_is_there_once(shop, member, basket_with):
    own = basket_with(shop.plan.product, owner=member)
    own.merge(basket_with(shop.plan.product), add_quantities=True)
    assert (contents(own), saved(member)) == ([("Silver", 1)], [])


def test_baskets_without_a_plan_merge_as_before(shop, member, service, basket_with):
    other = shop.make_service(shop.make_seller("other"), "Yoga")
    own = basket_with(service, owner=member)
    own.merge(basket_with(service, other), add_quantities=True)
    assert (contents(own), saved(member)) == ([("Coaching", 2), ("Yoga", 1)], [])

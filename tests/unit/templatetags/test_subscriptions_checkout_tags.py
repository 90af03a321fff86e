"""What the basket, checkout and order pages ask."""

import pytest
from oscar.apps.basket.abstract_models import AbstractBasket
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, receipts
from oscar_subscriptions.templatetags import subscriptions_checkout_tags as tags

Basket = get_model("basket", "Basket")


@pytest.fixture
def user(shop):
    return shop.make_user()


def test_plan_in_the_basket_is_found_beside_nothing_or_something_else(shop, user):
    basket = Basket.objects.create(owner=user)
    basket.strategy = shop.strategy(user)
    assert tags.plan_in_basket(basket) is None
    AbstractBasket.add_product(basket, shop.make_service(shop.make_seller()))
    assert tags.plan_in_basket(basket) is None
    AbstractBasket.add_product(basket, shop.plan.product)
    assert tags.plan_in_basket(basket) == shop.plan


def test_order_names_its_own_term_once_it_is_paid(shop, user):
    order, other = shop.make_order(user), shop.make_order(user)
    assert tags.term_of_order(order) is None
    term = fulfilment.order_paid(order).term
    assert tags.term_of_order(order) == term
    assert tags.term_of_order(other) is None


def test_receipt_has_an_address_where_it_can_be_printed(
    shop, user, monkeypatch, django_assert_num_queries
):
    order = shop.make_order(user)
    with django_assert_num_queries(0):
        assert tags.receipt_url(order).endswith(f"/{order.number}/")
    monkeypatch.setattr(receipts, "find_spec", lambda name: None)
    assert tags.receipt_url(order) == ""


def test_order_can_be_paid_while_it_waits_and_not_after(shop, user):
    order = shop.place_order(user)
    assert order.number in tags.waiting_pay_url(order)
    order.subscription_attempts.update(status="paid")
    assert tags.waiting_pay_url(order) == ""


def test_order_that_was_not_placed_in_our_checkout_does_not_wait(shop, user):
    assert tags.waiting_pay_url(shop.make_order(user)) == ""

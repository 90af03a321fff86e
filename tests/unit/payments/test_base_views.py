"""Whose order a page of a payment is about, and what it says when nobody has asked the provider."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from oscar_subscriptions.payments.base_views import PaymentView


@pytest.fixture
def order(shop):
    return shop.place_order(shop.make_user())


def found(order, user):
    request = RequestFactory().get("/")
    request.user = user
    view = PaymentView()
    attempt = view.get_attempt(request, order.subscription_attempts.get().reference)
    return view.get_order(request, order.number), attempt.order


def test_a_member_finds_the_own_order_by_number_and_by_attempt(order):
    assert found(order, order.user) == (order, order)


def test_nobody_finds_another_members(shop, order):
    with pytest.raises(Http404):
        found(order, shop.make_user("stranger"))


def test_an_order_that_was_never_begun_is_not_found(shop):
    order = shop.make_order(shop.make_user())
    request = RequestFactory().get("/")
    request.user = order.user
    with pytest.raises(Http404):
        PaymentView().get_order(request, order.number)

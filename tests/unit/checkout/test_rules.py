"""Nobody begins a checkout that can't end."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from oscar.apps.basket.abstract_models import AbstractBasket
from oscar.apps.checkout.exceptions import FailedPreCondition
from oscar.core.loading import get_class, get_model

from oscar_subscriptions import conf, fulfilment, terms
from oscar_subscriptions.plans import eligibility

Basket = get_model("basket", "Basket")

BASKET = reverse("basket:summary")


@pytest.fixture
def member(shop):
    return shop.make_user()


@pytest.fixture
def refused(shop, rf):
    """``refused(user, product, …)`` – where the member is led and why, or ``None``; by all that the
    first page of the checkout asks, or by one ``condition`` of it."""

    def begin(user, *products, quantity=1, condition="check_pre_conditions"):
        request = rf.get(reverse("checkout:index"))
        request.user, request.strategy = user, shop.strategy(user)
        request.basket = Basket.objects.create(owner=user if user.is_authenticated else None)
        request.basket.strategy = request.strategy
        for product in products:
            # As in a shop without our basket.
            AbstractBasket.add_product(request.basket, product, quantity)
        try:
            getattr(get_class("checkout.views", "IndexView")(), condition)(request)
        except FailedPreCondition as failed:
            [message] = failed.messages
            return failed.url, message
        return None

    return begin


def test_a_member_with_one_plan_may_begin(shop, member, refused):
    assert refused(member, shop.plan.product) is None


def test_a_visitor_with_a_plan_signs_in_and_comes_back(shop, refused):
    url, message = refused(AnonymousUser(), shop.plan.product)
    assert url == f"{reverse('customer:login')}?next=%2Fcheckout%2F"
    assert message == eligibility.sign_in()


def test_a_plan_that_is_not_alone_or_not_once_is_put_right_in_the_basket(shop, member, refused):
    service = shop.make_service(shop.make_seller())
    assert refused(member, shop.plan.product, service) == (BASKET, eligibility.alone())
    assert refused(member, shop.plan.product, quantity=2) == (BASKET, eligibility.once())


def test_a_plan_with_a_suspended_term_is_refused(shop, member, refused):
    fulfilment.suspend(shop.grant(member), reason="dispute")
    url, message = refused(member, shop.plan.product)
    assert url == BASKET
    assert "is suspended" in message


def test_services_of_sellers_may_be_ordered_by_anybody(shop, member, refused):
    service = shop.make_service(shop.make_seller())
    assert refused(member, service) is None
    assert refused(AnonymousUser(), service) is None


def test_a_service_whose_seller_is_none_today_is_refused_by_its_name(shop, member, refused):
    lapsed = shop.make_seller(starts_on=terms.months_after(conf.today(), -13))
    # Alone, because the shop's strategy and Oscar's condition would be first to see it.
    condition = "check_services_are_offered"
    found = refused(member, shop.make_service(lapsed), condition=condition)
    assert found == (BASKET, "“Coaching” is no longer offered.")
    active = shop.make_seller("active")
    assert refused(member, shop.make_service(active), condition=condition) is None

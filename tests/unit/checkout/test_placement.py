"""Which order a second click belongs to."""

import pytest
from django.contrib.auth.models import AnonymousUser

from oscar_subscriptions import fulfilment
from oscar_subscriptions.checkout import placement


@pytest.fixture
def member(shop):
    return shop.make_user()


@pytest.fixture
def just_placed(rf):
    """``just_placed(user, order)`` – what is found for a browser whose session knows that order."""

    def ask(user, known=None):
        request = rf.post("/")
        request.user = user
        request.session = {} if known is None else {"checkout_order_id": known.pk}
        return placement.order_just_placed(request)

    return ask


def test_an_older_order_that_the_session_knows_is_not_meant(shop, member, just_placed):
    first, second = shop.place_order(member), shop.place_order(member)
    assert just_placed(member, first) == second


def test_without_a_session_the_newest_order_that_waits_is_meant(shop, member, just_placed):
    """The process that placed it may have died before it saved the session."""
    assert just_placed(member) is None
    order = shop.place_order(member)
    assert just_placed(member) == order
    fulfilment.order_paid(order)
    assert just_placed(member) is None


def test_an_order_of_somebody_else_is_never_meant(shop, member, just_placed):
    order = shop.place_order(shop.make_user("other"))
    assert just_placed(member, order) is None
    assert just_placed(AnonymousUser(), order) is None


def test_an_order_that_is_not_of_a_plan_is_never_meant(shop, member, just_placed):
    service = shop.make_service(shop.make_seller())
    order = shop.order_products(member, [service])
    assert just_placed(member, order) is None
    assert not placement.is_plan_order(order)
    assert placement.is_plan_order(shop.place_order(member))

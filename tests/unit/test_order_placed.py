"""Oscar's ``order_placed`` waits for the commit where the checkout asks for it, nowhere else."""

import pytest
from django.db import transaction
from oscar.apps.order.signals import order_placed

from oscar_subscriptions.order_placed import order_placed_on_commit


@pytest.fixture
def user(shop):
    return shop.make_user()


def test_the_signal_is_sent_once_the_order_is_committed(shop, user, commit, received):
    heard = received(order_placed)
    with commit():
        with order_placed_on_commit():
            order = shop.order_products(user, [shop.plan.product])
        assert heard == []
    [named] = heard
    assert (named["order"], named["user"]) == (order, user)


def test_an_order_that_is_rolled_back_was_never_placed(shop, user, commit, received):
    heard = received(order_placed)
    with commit(), pytest.raises(RuntimeError), transaction.atomic(), order_placed_on_commit():
        shop.order_products(user, [shop.plan.product])
        raise RuntimeError("the payment could not be written")
    assert heard == []


def test_a_receiver_that_raises_loses_neither_the_order_nor_the_other_receivers(
    shop, user, commit, received, raising
):
    raising(order_placed)
    heard = received(order_placed)
    with commit(), order_placed_on_commit():
        order = shop.order_products(user, [shop.plan.product])
    assert [named["order"] for named in heard] == [order]
    order.refresh_from_db()
    assert order.user == user


def test_outside_of_the_block_oscar_sends_at_once_and_hears_of_errors(
    shop, user, received, raising
):
    heard = received(order_placed)
    order = shop.order_products(user, [shop.plan.product])
    assert [named["order"] for named in heard] == [order]
    raising(order_placed)
    with pytest.raises(RuntimeError, match="a shop's receiver failed"):
        shop.order_products(user, [shop.plan.product])


def test_the_block_ends_where_an_error_leaves_it(shop, user, received):
    with pytest.raises(ValueError), order_placed_on_commit():
        raise ValueError
    heard = received(order_placed)
    shop.order_products(user, [shop.plan.product])
    assert len(heard) == 1


def test_the_end_of_an_inner_block_does_not_end_the_outer_one(shop, user, commit, received):
    heard = received(order_placed)
    with commit():
        with order_placed_on_commit():
            with order_placed_on_commit():
                pass
            shop.order_products(user, [shop.plan.product])
        assert heard == []
    assert len(heard) == 1

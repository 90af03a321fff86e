"""An order that waits is taken up again only on the very conditions that the member accepts now."""

from dataclasses import replace

import pytest

from oscar_subscriptions.checkout.same_order import Shown, is_the_same
from oscar_subscriptions.plans.changes import TODAY, Change


@pytest.fixture
def waiting(shop):
    return shop.place_order(shop.make_user())


@pytest.fixture
def shown(shop, waiting):
    total = type("Total", (), {"incl_tax": waiting.total_incl_tax, "currency": waiting.currency})
    text = waiting.subscription_consent.terms_of_sale
    return Shown(total, shop.plan, text, TODAY, renews=False)


def test_the_same_conditions_are_the_same_order(waiting, shown):
    assert is_the_same(waiting, shown)


def test_another_length_is_another_order(waiting, shown):
    shown.plan.months = 6
    assert not is_the_same(waiting, shown)


def test_automatic_renewal_or_another_beginning_is_another_order(shop, waiting, shown):
    assert not is_the_same(waiting, replace(shown, renews=True))
    old = shop.grant(waiting.user, shop.make_plan("Bronze")).subscription
    assert not is_the_same(waiting, replace(shown, change=Change(old, at_end=True)))


def test_another_price_is_another_order(waiting, shown):
    shown.total.incl_tax += 1
    assert not is_the_same(waiting, shown)

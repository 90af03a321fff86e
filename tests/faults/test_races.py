"""Two doors at once, in threads with connections of their own."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from tests.threads import at_once

Seller = get_model("oscar_subscriptions", "Seller")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


def test_fault_67_two_renewals_paid_at_once_give_consecutive_years(shop):
    user = shop.make_user()
    orders = [shop.make_order(user) for _ in range(2)]
    at_once(*[lambda order=order: fulfilment.order_paid(order) for order in orders])
    first, second = Term.objects.order_by("starts_on")
    assert (second.starts_on - first.ends_on).days == 1
    assert second.anchor == first.anchor


def test_two_plans_paid_at_once_pair_the_member_with_one_partner(shop):
    user = shop.make_user()
    plans = [shop.plan, shop.make_plan("Gold")]
    orders = [shop.make_order(user, plan) for plan in plans]
    results = at_once(*[lambda order=order: fulfilment.order_paid(order) for order in orders])
    assert [result.refused for result in results] == ["", ""]
    assert Seller.objects.filter(user=user).count() == 1

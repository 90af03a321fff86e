from datetime import date

import pytest
import time_machine

from oscar_subscriptions import fulfilment, sellers


def test_smoke(shop, django_assert_max_num_queries):
    user = shop.make_user()
    order = shop.make_order(user)
    with time_machine.travel("2017-02-03 12:00+01:00"):
        result = fulfilment.order_paid(order)
        assert result.created
        assert (result.term.starts_on, result.term.ends_on) == (date(2017, 2, 3), date(2018, 2, 3))
        assert not fulfilment.order_paid(order).created
        assert sellers.is_seller(user)

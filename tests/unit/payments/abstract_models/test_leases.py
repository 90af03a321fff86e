"""The lease of an order."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.payments.reconciliation import lease

OrderLease = get_model("oscar_subscriptions_payments", "OrderLease")


@pytest.fixture
def order(shop):
    return shop.make_order(shop.make_user())


def test_a_lease_goes_with_its_order(order):
    with lease.held(order.pk):
        pass
    order.delete()
    assert not OrderLease.objects.exists()

"""Fixtures of the tests of receipts."""

from copy import deepcopy
from datetime import UTC, date, datetime

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from tests.unit.receipts.pdf import FACTS

Receipt = get_model("oscar_subscriptions", "Receipt")


@pytest.fixture
def member(shop):
    return shop.make_user(first_name="Ada", last_name="Martin")


@pytest.fixture
def today(time_machine):
    time_machine.move_to("2026-11-23 12:00+01:00")


@pytest.fixture
def paid(shop, member):
    """``paid()`` – a new order that gave a term; arguments as for ``shop.make_order``."""

    def pay(user=member, **fields):
        order = shop.make_order(user, **fields)
        assert fulfilment.order_paid(order).created
        return order

    return pay


@pytest.fixture
def receipt(shop):
    """``receipt(**facts)`` – a receipt of 23 November 2026 that is not saved."""
    order = shop.make_order(shop.make_user())

    def make(**facts):
        return Receipt(
            order=order,
            number="2026-000123",
            issued_at=datetime(2026, 11, 23, 11, tzinfo=UTC),
            issued_on=date(2026, 11, 23),
            facts=deepcopy(FACTS) | facts,
        )

    return make

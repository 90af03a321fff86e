"""Unpaid orders end by age and by money from elsewhere, and a dry run says so beforehand."""

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.payments.attempts import hosted
from oscar_subscriptions.payments.provider import sessions
from oscar_subscriptions.payments.reconciliation import unpaid_orders
from tests.bank import Payment
from tests.unit.payments.reconciliation.steps import LONG_AGO, does, would, write

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Order = get_model("order", "Order")


@pytest.fixture
def payment(shop, standin):
    return Payment(shop, standin)


def test_an_order_is_cancelled_once_it_is_too_old_and_a_page_of_it_is_closed(payment):
    assert would(unpaid_orders.cancel_orders_that_are_over) == []
    Order.objects.update(date_placed=timezone.now() - LONG_AGO)
    said = [f"order {payment.order.number} cancelled"]
    assert would(unpaid_orders.cancel_orders_that_are_over) == said
    assert does(unpaid_orders.cancel_orders_that_are_over) == said
    assert payment.attempt.status == "cancelled"
    assert sessions.fetch_session(payment.session)["status"] == "expired"
    assert would(unpaid_orders.cancel_orders_that_are_over) == []


def test_a_run_on_a_day_to_come_tells_what_will_be_too_old_and_cancels_nothing(shop):
    write(shop.make_order(shop.make_user()), "open")
    later = conf.today() + LONG_AGO
    assert len(would(unpaid_orders.cancel_orders_that_are_over, later)) == 1
    assert does(unpaid_orders.cancel_orders_that_are_over, later) == []


@pytest.mark.parametrize("status", ["paid", "refused", "cancelled"])
def test_an_order_with_money_or_a_cancellation_is_not_cancelled_for_its_age(shop, status):
    order = shop.make_order(shop.make_user())
    Order.objects.update(date_placed=timezone.now() - LONG_AGO)
    write(order, "expired")
    assert len(would(unpaid_orders.cancel_orders_that_are_over)) == 1
    write(order, status)
    assert would(unpaid_orders.cancel_orders_that_are_over) == []


def test_a_charge_of_an_order_that_was_paid_otherwise_is_closed(shop):
    order = shop.make_order(shop.make_user())
    hosted.begin(order, "off-session")
    assert would(unpaid_orders.close_needless_attempts) == []
    fulfilment.order_paid(order)
    said = [f"payment of order {order.number}, paid otherwise, closed"]
    assert (
        would(unpaid_orders.close_needless_attempts)
        == does(unpaid_orders.close_needless_attempts)
        == said
    )
    assert Attempt.objects.get().status == "expired"
    assert would(unpaid_orders.close_needless_attempts) == []

"""Which orders wait for their payment, and when the waiting is over."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.payments.attempts import payable

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
TOO_OLD = "too old to be paid"


@pytest.fixture
def order(shop):
    return shop.make_order(shop.make_user())


def try_to_pay(order, *statuses, **fields):
    for status in statuses:
        Attempt.objects.create(order=order, amount=24_000, currency="EUR", status=status, **fields)


@pytest.mark.parametrize(
    ("statuses", "is_waiting"),
    [
        ([], False),
        (["open"], True),
        (["expired"], True),
        (["expired", "open"], True),
        (["paid"], False),
        (["refused"], False),
        (["refused", "expired"], False),
        (["cancelled"], False),
        # Cancelled and then begun anew.
        (["cancelled", "open"], True),
    ],
)
def test_an_order_waits_while_an_attempt_of_it_may_be_paid(order, statuses, is_waiting):
    try_to_pay(order, *statuses)
    assert payable.is_waiting(order) is is_waiting


def test_an_order_that_gave_its_term_waits_for_nothing_and_has_no_problem(order):
    try_to_pay(order, "open")
    fulfilment.order_paid(order)
    order.status = "Cancelled"
    assert not payable.is_waiting(order)
    assert payable.why_not_payable(order) == ""


def test_an_order_that_staff_cancelled_is_not_paid(order):
    try_to_pay(order, "open")
    order.status = "Cancelled"
    assert payable.why_not_payable(order) == "The order is cancelled."
    assert not payable.is_waiting(order)


def test_an_order_keeps_its_price_for_some_days(order, settings):
    settings.OSCAR_SUBSCRIPTIONS_ORDER_DAYS = 3
    end = order.date_placed + timedelta(days=3)
    assert payable.why_not_payable(order, end) == ""
    assert TOO_OLD in payable.why_not_payable(order, end + timedelta(seconds=1))


def test_a_renewal_that_was_refused_asks_for_the_money_anew(order):
    order.date_placed = timezone.now() - timedelta(days=30)
    try_to_pay(order, "expired")
    assert TOO_OLD in payable.why_not_payable(order)
    try_to_pay(order, "expired", kind="off-session")
    assert payable.why_not_payable(order) == ""
    assert TOO_OLD in payable.why_not_payable(order, timezone.now() + timedelta(days=8))


def test_what_can_not_be_bought_today_can_not_be_paid_today(shop, order):
    try_to_pay(order, "open")
    ledger.suspend(shop.grant(order.user), reason="dispute")
    assert payable.why_not_payable(order)
    assert not payable.is_waiting(order)


def test_an_order_without_a_plan_grows_old_and_has_no_other_problem(shop):
    service = shop.make_service(shop.make_seller())
    order = shop.order_products(shop.make_user(), [service])
    assert payable.why_not_payable(order) == ""
    assert TOO_OLD in payable.why_not_payable(order, timezone.now() + timedelta(days=8))

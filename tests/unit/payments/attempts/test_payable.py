"""Which orders wait for their payment, and when the waiting is over."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.gateway import NO_MORE, NOT_NOW, Payability
from oscar_subscriptions.payments.attempts import payable

Attempt = get_model("oscar_subscriptions_payments", "Attempt")


def is_too_old(order, moment=None):
    may = payable.may_be_paid(order, moment)
    return may.is_over and "too old to be paid" in may.reason


@pytest.fixture
def order(shop):
    return shop.make_order(shop.make_user())


def try_to_pay(order, *statuses, **fields):
    for status in statuses:
        Attempt.objects.create(order=order, amount=24_000, currency="EUR", status=status, **fields)


@pytest.mark.parametrize(
    ("statuses", "may_be_paid"),
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
def test_an_order_waits_while_an_attempt_of_it_may_be_paid(order, statuses, may_be_paid):
    try_to_pay(order, *statuses)
    assert payable.may_be_paid(order).now is may_be_paid


def test_an_order_that_gave_its_term_waits_for_nothing_and_has_no_problem(order):
    try_to_pay(order, "open")
    fulfilment.order_paid(order)
    order.status = "Cancelled"
    assert payable.may_be_paid(order) == Payability(NO_MORE)


def test_an_order_that_staff_cancelled_is_not_paid(order):
    try_to_pay(order, "open")
    order.status = "Cancelled"
    assert payable.may_be_paid(order) == Payability(NO_MORE, "The order is cancelled.")


def test_an_order_keeps_its_price_for_some_days(order, settings):
    settings.OSCAR_SUBSCRIPTIONS_ORDER_DAYS = 3
    try_to_pay(order, "open")
    end = order.date_placed + timedelta(days=3)
    assert payable.may_be_paid(order, end).now
    assert is_too_old(order, end + timedelta(seconds=1))
    order.date_placed = order.date_placed.replace(hour=12)  # the same day everywhere in Europe
    assert payable.last_day(order) == order.date_placed.date() + timedelta(days=2)


def test_a_renewal_that_was_refused_asks_for_the_money_anew(order):
    order.date_placed = timezone.now() - timedelta(days=30)
    try_to_pay(order, "expired")
    assert is_too_old(order)
    try_to_pay(order, "expired", kind="off-session")
    assert payable.may_be_paid(order).now
    assert is_too_old(order, timezone.now() + timedelta(days=8))


def test_what_can_not_be_bought_today_can_not_be_paid_today(shop, order):
    try_to_pay(order, "open")
    ledger.suspend(shop.grant(order.user), reason="dispute")
    may = payable.may_be_paid(order)
    assert may.answer == NOT_NOW and "is suspended" in may.reason


def test_an_order_without_a_plan_grows_old_and_has_no_other_problem(shop):
    service = shop.make_service(shop.make_seller())
    order = shop.order_products(shop.make_user(), [service])
    try_to_pay(order, "open")
    assert payable.may_be_paid(order).now
    assert is_too_old(order, timezone.now() + timedelta(days=8))


def test_an_order_gives_way_to_a_newer_one_of_the_same_plan_and_member(shop, order):
    try_to_pay(order, "expired")
    shop.keep_consent(order)
    shop.keep_consent(shop.make_order(shop.make_user("other")))
    gold = shop.make_plan("Gold")
    shop.keep_consent(shop.make_order(order.user, gold), gold)
    assert payable.may_be_paid(order).now
    shop.keep_consent(shop.make_order(order.user))
    may = payable.may_be_paid(order)
    assert may == Payability(NO_MORE, "You have ordered this subscription again since.")

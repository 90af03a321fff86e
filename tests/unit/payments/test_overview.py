"""The payments of orders, as operators read them."""

from decimal import Decimal as D

import pytest
from django.utils import translation
from oscar.core.loading import get_model

from oscar_subscriptions.gateway import Gateway
from oscar_subscriptions.payments import overview

Attempt = get_model("oscar_subscriptions_payments", "Attempt")


@pytest.fixture
def order(shop):
    return shop.make_order(shop.make_user())


def pay(order, amount=24000, currency="EUR", status="paid", **fields):
    return Attempt.objects.create(
        order=order, amount=amount, currency=currency, status=status, **fields
    )


def test_each_order_has_its_own_payments_the_newest_first(shop, order):
    other = shop.make_order(shop.make_user("other"))
    for number, whose in enumerate([order, other, order]):
        pay(whose, status="refused", session_id=f"cs_{number}")
    found = overview.payments_of([order, other])
    assert {pk: [one.provider_ids for one in rows] for pk, rows in found.items()} == {
        order.pk: [["cs_2"], ["cs_0"]],
        other.pk: [["cs_1"]],
    }


def test_orders_that_were_not_asked_for_and_unpaid_ones_are_left_out(shop, order):
    pay(order)
    assert overview.payments_of([shop.make_order(shop.make_user("other"))]) == {}
    assert overview.payments_of([]) == {}


@pytest.mark.parametrize(
    ("currency", "amount"), [("EUR", D("240.00")), ("JPY", D(24000)), ("KWD", D("24.000"))]
)
def test_amounts_are_in_major_units_of_their_currency(order, currency, amount):
    pay(order, currency=currency)
    [payment] = overview.payments_of([order])[order.pk]
    assert str(payment.amount) == str(amount)


@pytest.mark.parametrize(("received", "told"), [(None, None), (24000, None), (23000, D("230.00"))])
def test_what_was_received_is_told_only_if_it_is_another_amount(order, received, told):
    pay(order, received=received)
    [payment] = overview.payments_of([order])[order.pk]
    assert payment.received == told


@pytest.mark.parametrize(
    ("status", "badge"),
    [("paid", "success"), ("open", "primary"), ("refused", "danger"), ("expired", "secondary")],
)
def test_each_status_has_a_colour(order, status, badge):
    pay(order, status=status)
    [payment] = overview.payments_of([order])[order.pk]
    assert payment.badge == badge


def test_only_the_ids_that_are_known_are_named(order):
    pay(order, session_id="cs_1", charge_id="ch_1")
    [payment] = overview.payments_of([order])[order.pk]
    assert payment.provider_ids == ["cs_1", "ch_1"]


def test_refunds_and_disputes_are_under_their_payment(order):
    paid = pay(order)
    fields = {"amount": 6000, "currency": "EUR"}
    paid.reversals.create(provider_id="re_1", kind="refund", status="succeeded", **fields)
    paid.reversals.create(provider_id="dp_1", kind="dispute", status="new_word", **fields)
    with translation.override("fr"):
        [payment] = overview.payments_of([order])[order.pk]
    assert [one.provider_id for one in payment.reversals] == ["re_1", "dp_1"]
    assert [one.amount for one in payment.reversals] == [D("60.00")] * 2
    days = paid.reversals.order_by("pk").values_list("created_at", flat=True)
    assert [one.created_at for one in payment.reversals] == list(days)
    # A word that is new is shown as the provider says it.
    assert [one.status for one in payment.reversals] == ["effectué", "new_word"]


def test_queries_do_not_grow_with_the_payments(shop, order, django_assert_num_queries):
    orders = [order, shop.make_order(shop.make_user("other"))]
    for one in orders * 2:
        pay(one).reversals.create(
            provider_id=f"re_{Attempt.objects.count()}", kind="refund", amount=1, currency="EUR"
        )
    with django_assert_num_queries(2):
        overview.payments_of(orders)


def test_gateway_that_keeps_no_payments_shows_none(order):
    pay(order)
    assert Gateway().payments_of([order]) == {}

"""The payments of orders, as operators read them."""

from decimal import Decimal as D

import pytest
from django.apps import apps
from django.utils import translation
from oscar.core.loading import get_model

from oscar_subscriptions.dashboard.subscriptions import payments

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
    first, theirs, second = pay(order, status="refused"), pay(other), pay(order)
    found = payments.by_order([order, other])
    assert {pk: [one.attempt for one in rows] for pk, rows in found.items()} == {
        order.pk: [second, first],
        other.pk: [theirs],
    }


def test_orders_that_were_not_asked_for_and_unpaid_ones_are_left_out(shop, order):
    pay(order)
    assert payments.by_order([shop.make_order(shop.make_user("other"))]) == {}
    assert payments.by_order([]) == {}


@pytest.mark.parametrize(
    ("currency", "amount"), [("EUR", D("240.00")), ("JPY", D(24000)), ("KWD", D("24.000"))]
)
def test_amounts_are_in_major_units_of_their_currency(order, currency, amount):
    pay(order, currency=currency)
    [payment] = payments.by_order([order])[order.pk]
    assert str(payment.amount) == str(amount)


@pytest.mark.parametrize(("received", "told"), [(None, None), (24000, None), (23000, D("230.00"))])
def test_what_was_received_is_told_only_if_it_is_another_amount(order, received, told):
    pay(order, received=received)
    [payment] = payments.by_order([order])[order.pk]
    assert payment.received == told


@pytest.mark.parametrize(
    ("status", "badge"),
    [("paid", "success"), ("open", "primary"), ("refused", "danger"), ("expired", "secondary")],
)
def test_each_status_has_a_colour(order, status, badge):
    pay(order, status=status)
    [payment] = payments.by_order([order])[order.pk]
    assert payment.badge == badge


def test_only_the_ids_that_are_known_are_named(order):
    pay(order, session_id="cs_1", charge_id="ch_1")
    [payment] = payments.by_order([order])[order.pk]
    assert payment.provider_ids == ["cs_1", "ch_1"]


def test_refunds_and_disputes_are_under_their_payment(order):
    paid = pay(order)
    fields = {"amount": 6000, "currency": "EUR"}
    paid.reversals.create(provider_id="re_1", kind="refund", status="succeeded", **fields)
    paid.reversals.create(provider_id="dp_1", kind="dispute", status="new_word", **fields)
    [payment] = payments.by_order([order])[order.pk]
    assert [one.row.provider_id for one in payment.reversals] == ["re_1", "dp_1"]
    assert [one.amount for one in payment.reversals] == [D("60.00")] * 2
    with translation.override("fr"):
        # A word that is new is shown as the provider says it.
        assert [str(one.status) for one in payment.reversals] == ["effectué", "new_word"]


def test_queries_do_not_grow_with_the_payments(shop, order, django_assert_num_queries):
    orders = [order, shop.make_order(shop.make_user("other"))]
    for one in orders * 2:
        pay(one).reversals.create(
            provider_id=f"re_{Attempt.objects.count()}", kind="refund", amount=1, currency="EUR"
        )
    with django_assert_num_queries(2):
        payments.by_order(orders)


def test_shop_without_the_payments_app_has_none(order, monkeypatch):
    def missing(*args, **kwargs):
        raise LookupError

    pay(order)
    monkeypatch.setattr(apps, "get_model", missing)
    assert payments.by_order([order]) == {}

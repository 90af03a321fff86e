"""Bounds for what a payment costs the database. They may only be lowered."""

import pytest

from oscar_subscriptions import fulfilment
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from tests.bank import Payment
from tests.statements import counted


@pytest.fixture
def payment(shop, standin):
    return Payment(shop, standin)


def test_giving_a_term_asks_at_most_so_many_statements(shop):
    order = shop.make_order(shop.make_user("first"))
    shop.keep_consent(order)
    fulfilment.order_paid(order)  # what a process remembers, such as content types
    order = shop.make_order(shop.make_user("second"))
    shop.keep_consent(order)
    with counted() as statements:
        assert fulfilment.order_paid(order).created
    assert len(statements.asked) <= 39
    assert len(statements.savepoints) <= 18


def test_reconciling_a_paid_session_asks_at_most_so_many_statements(payment, commit):
    payment.pay()
    with counted() as statements, commit():
        assert reconcile(payment.attempt).status == "paid"
    assert payment.state == "valid"
    assert len(statements.asked) <= 105
    assert len(statements.savepoints) <= 26

"""Bounds for what a payment costs the database. They may only be lowered."""

import re

import pytest
from django.db import connection

from oscar_subscriptions import fulfilment
from oscar_subscriptions.payments.provider import sessions
from oscar_subscriptions.payments.reconciliation import matching
from oscar_subscriptions.payments.reconciliation.reconcile import answer, reconcile
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
    assert len(statements.asked) <= 24
    assert len(statements.savepoints) <= 10


def test_calling_an_order_paid_again_asks_two_statements(shop):
    order = shop.make_order(shop.make_user())
    given = fulfilment.order_paid(order).term
    with counted() as statements:
        again = fulfilment.order_paid(order)
    assert (again.term, again.created) == (given, False)
    assert len(statements.asked) == 2


def test_reconciling_a_paid_session_asks_at_most_so_many_statements(payment, commit):
    payment.pay()
    with counted() as statements, commit():
        assert reconcile(payment.attempt).status == "paid"
    assert payment.state == "valid"
    assert len(statements.asked) <= 65
    assert len(statements.savepoints) <= 16


def read_alone(statements, model):
    """The statements that select from the table of ``model``; joins are not counted."""
    table = connection.ops.quote_name(model._meta.db_table)
    return [sql for sql in statements.asked if re.match(rf"SELECT [^;]*? FROM {table}[ ;]", sql)]


def test_a_payment_is_read_once_before_the_lock_and_once_under_it(payment, standin):
    """Between a webhook and the written term."""
    standin.pay(payment.session)
    thing = sessions.fetch_session(payment.session)
    with counted() as statements:
        [attempt] = matching.mark_due(thing)
        assert answer(attempt, thorough=True).status == "paid"
    assert payment.state == "valid"
    for model in (type(payment.order), type(payment.attempt)):
        assert len(read_alone(statements, model)) <= 2, model

"""Fault 40: on SQLite the same holds. One writes at a time, and who finds it locked tries again."""

import sqlite3
from contextlib import closing, contextmanager
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, transactions
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from tests.bank import Payment
from tests.threads import at_once

Source = get_model("payment", "Source")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def payment(shop, standin):
    """A payment that the shop has not heard of."""
    return Payment(shop, standin).pay()


@contextmanager
def locked_by_another():
    """Within the block another connection writes; yields how to end that."""
    connection.ensure_connection()
    patience = connection.connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.connection.execute("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield lambda *args: other.execute("ROLLBACK")
        finally:
            connection.connection.execute(f"PRAGMA busy_timeout = {patience}")


def test_fault_40_locked_database_is_tried_again(shop, monkeypatch, caplog):
    order = shop.make_order(shop.make_user())
    with locked_by_another() as let_go:
        monkeypatch.setattr(transactions, "time", SimpleNamespace(sleep=let_go))
        assert fulfilment.order_paid(order).created
    assert len([line for line in caplog.messages if "begun anew: database is locked" in line]) == 1
    assert Term.objects.count() == 1


def test_fault_40_database_that_stays_locked_is_an_error_and_leaves_nothing(shop, monkeypatch):
    order = shop.make_order(shop.make_user())
    pauses = []
    monkeypatch.setattr(transactions, "time", SimpleNamespace(sleep=pauses.append))
    with locked_by_another(), pytest.raises(OperationalError, match="locked"):
        fulfilment.order_paid(order)
    assert len(pauses) == transactions.TRIES - 1
    assert not Term.objects.exists()
    assert fulfilment.order_paid(order).created


def test_fault_40_four_doors_at_once_give_one_term(payment):
    results = at_once(*[lambda: reconcile(payment.attempt).status] * 4)
    assert results == ["paid"] * 4
    assert Term.objects.count() == Source.objects.count() == 1


def test_fault_40_refund_and_renewal_at_once_do_not_overlap(shop, standin, payment):
    reconcile(payment.attempt)
    standin.control(f"charges/{payment.session}/refund")
    renewal = Payment(shop, standin, payment.user).pay()
    at_once(lambda: reconcile(payment.attempt), lambda: reconcile(renewal.attempt))
    assert (payment.state, renewal.state) == ("revoked", "valid")

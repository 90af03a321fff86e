"""Two members pay at the same moment: two numbers, one after the other, and none between.

Two real connections to PostgreSQL, and the one interleaving that the lock is for; beside it the
same without the lock, which must go wrong.
"""

import pytest
from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment, receipts
from oscar_subscriptions.daily_run import records_doctor
from oscar_subscriptions.fulfilment import paid_order
from oscar_subscriptions.receipts import issuing
from tests.faults import controls, interleave
from tests.threads import Other

Receipt = get_model("oscar_subscriptions", "Receipt")
ReceiptCounter = get_model("oscar_subscriptions", "ReceiptCounter")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def orders(shop):
    """Orders of two members, and a counter that has begun."""
    fulfilment.order_paid(shop.make_order(shop.make_user("first")))
    return [shop.make_order(shop.make_user(name)) for name in ("ada", "bob")]


def pay_both(orders):
    """Both have read the counter before either has written; the lock lets only one read."""
    with interleave.meeting(issuing, "_locked_counter", after=True):
        payers = [Other(lambda order=order: fulfilment.order_paid(order)) for order in orders]
        for payer in payers:
            payer.join()
    return [payer.error for payer in payers]


def numbers():
    return [row.number.partition("-")[2] for row in Receipt.objects.order_by("number")]


def test_two_payments_at_once_draw_two_numbers_that_follow_each_other(orders):
    assert pay_both(orders) == [None, None]
    assert numbers() == ["000001", "000002", "000003"]
    assert list(records_doctor.receipt_numbers()) == []


def test_two_payments_at_once_without_the_lock_draw_the_same_number_control(orders):
    with controls.without_locks():
        pay_both(orders)
    assert numbers() == ["000001", "000002"]
    assert Term.objects.count() == 3  # the member has what was paid, all the same


def test_the_first_two_payments_of_a_year_make_one_counter(shop):
    orders = [shop.make_order(shop.make_user(name)) for name in ("ada", "bob")]
    with interleave.meeting(ReceiptCounter.objects, "get_or_create"):
        payers = [Other(lambda order=order: fulfilment.order_paid(order)) for order in orders]
        for payer in payers:
            payer.join()
    assert [payer.error for payer in payers] == [None, None]
    assert numbers() == ["000001", "000002"]


def test_a_number_is_not_given_while_the_one_before_may_still_be_rolled_back(orders):
    """The second payer waits; when the first fails after all, the second gets his number."""
    ada, bob = orders
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        fulfilment.order_paid(ada)
        second = Other(lambda: fulfilment.order_paid(bob))
        interleave.wait_until_blocked()
        raise ZeroDivisionError
    second.result()
    assert numbers() == ["000001", "000002"]
    assert Receipt.objects.get(number__endswith="2").order == bob


def look_twice(shop, monkeypatch):
    """Two tabs ask for the receipt of an order that has none yet, in a year that has begun."""
    ReceiptCounter.objects.create(year=conf.today().year)
    order = shop.make_order(shop.make_user())
    monkeypatch.setattr(paid_order, "_issue_receipt", lambda paid, term: None)
    fulfilment.order_paid(order)
    with interleave.meeting(issuing.snapshot, "take"):
        tabs = [Other(lambda: receipts.issue(order)) for _ in range(2)]
        for tab in tabs:
            tab.join()
    return tabs


def test_two_who_ask_at_once_for_a_late_receipt_get_the_same_one(shop, monkeypatch):
    first, second = [tab.result() for tab in look_twice(shop, monkeypatch)]
    assert first == second
    assert numbers() == ["000001"]
    assert ReceiptCounter.objects.get().last == 1


def test_two_who_ask_at_once_without_the_lock_fail_control(shop, monkeypatch):
    with controls.without_locks(), interleave.meeting(Receipt.objects, "create"):
        tabs = look_twice(shop, monkeypatch)
    assert [type(tab.error) for tab in tabs].count(IntegrityError) == 1

"""A receipt is evidence, and its numbers belong to one year."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment

Receipt = get_model("oscar_subscriptions", "Receipt")
ReceiptCounter = get_model("oscar_subscriptions", "ReceiptCounter")


@pytest.fixture
def paid(shop):
    """``paid()`` – a new order that gave a term."""
    member = shop.make_user(first_name="Ada", last_name="Martin")

    def pay():
        order = shop.make_order(member)
        assert fulfilment.order_paid(order).created
        return order

    return pay


def test_a_receipt_can_t_be_edited_and_keeps_its_order(paid):
    receipt = paid().subscription_receipt
    receipt.facts = {}
    with pytest.raises(ValidationError):
        receipt.save()
    with pytest.raises(models.ProtectedError), transaction.atomic():
        receipt.order.delete()


def test_neither_a_number_nor_an_order_has_two_receipts(shop, paid):
    receipt = paid().subscription_receipt
    other = shop.make_order(receipt.order.user)
    day = {"issued_at": timezone.now(), "issued_on": date(2026, 11, 23), "facts": {}}
    for twice in ({"order": other, "number": receipt.number}, {"order": receipt.order}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Receipt.objects.create(**{"number": "2026-009999"} | twice | day)
    assert str(receipt) == receipt.number


def test_a_year_has_one_counter_that_begins_at_nought(db):
    counter = ReceiptCounter.objects.create(year=2026)
    assert str(counter) == "2026: 0"
    with pytest.raises(IntegrityError), transaction.atomic():
        ReceiptCounter.objects.create(year=2026)

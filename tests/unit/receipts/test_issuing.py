"""A paid order has one receipt, with the next number of the year."""

from datetime import date

import pytest
from django.db import OperationalError, transaction
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, receipts
from oscar_subscriptions.daily_run import records_doctor
from oscar_subscriptions.fulfilment import paid_order
from oscar_subscriptions.receipts import snapshot

Receipt = get_model("oscar_subscriptions", "Receipt")
ReceiptCounter = get_model("oscar_subscriptions", "ReceiptCounter")
Term = get_model("oscar_subscriptions", "Term")


def numbers():
    return list(Receipt.objects.order_by("pk").values_list("number", flat=True))


def test_a_paid_order_has_a_receipt_at_once(today, paid):
    order = paid()
    receipt = order.subscription_receipt
    assert (receipt.number, receipt.issued_on) == ("2026-000001", date(2026, 11, 23))
    assert receipt.order == order


def test_numbers_follow_each_other_in_the_order_of_payments(today, shop, member):
    first, second, third = (shop.make_order(member) for _ in range(3))
    for order in (second, third, first):
        fulfilment.order_paid(order)
    assert numbers() == ["2026-000001", "2026-000002", "2026-000003"]
    assert [receipt.order for receipt in Receipt.objects.order_by("pk")] == [second, third, first]


def test_a_second_call_draws_no_second_number(today, paid):
    order = paid()
    fulfilment.order_paid(order)
    assert receipts.issue(order) == receipts.issue(order) == order.subscription_receipt
    assert numbers() == ["2026-000001"]
    assert ReceiptCounter.objects.get().last == 1


def test_a_payment_that_is_rolled_back_leaves_no_gap(today, shop, member, paid):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        fulfilment.order_paid(shop.make_order(member))
        assert numbers() == ["2026-000001"]
        raise ZeroDivisionError
    paid()
    assert numbers() == ["2026-000001"]


def test_each_year_of_the_shop_s_own_calendar_begins_anew(time_machine, paid):
    time_machine.move_to("2026-12-31 22:59+00:00")
    paid()
    paid()
    time_machine.move_to("2026-12-31 23:01+00:00")  # in Paris it is 2027
    paid()
    assert numbers() == ["2026-000001", "2026-000002", "2027-000001"]
    assert Receipt.objects.last().issued_on == date(2027, 1, 1)


def test_a_year_that_ends_while_a_number_is_waited_for_is_left_alone(
    time_machine, paid, monkeypatch
):
    """Else a receipt of 2026 would bear a day of 2027."""
    time_machine.move_to("2026-12-31 22:59:59+00:00")
    locked = receipts.issuing.for_update

    def waits(rows):
        time_machine.move_to("2026-12-31 23:00:01+00:00")
        return locked(rows)

    monkeypatch.setattr(receipts.issuing, "for_update", waits)
    receipt = paid().subscription_receipt
    assert (receipt.number, receipt.issued_on) == ("2027-000001", date(2027, 1, 1))


def test_an_order_that_gave_no_term_has_no_receipt(shop, member):
    assert receipts.issue(shop.make_order(member)) is None
    assert fulfilment.order_paid(shop.make_order(member, quantity=2)).refused
    assert numbers() == []
    assert not ReceiptCounter.objects.exists()


def test_an_order_paid_before_there_were_receipts_has_one_on_request(
    time_machine, shop, member, monkeypatch
):
    time_machine.move_to("2025-05-06 12:00+02:00")
    order = shop.make_order(member)
    monkeypatch.setattr(paid_order, "_issue_receipt", lambda paid, term: None)
    fulfilment.order_paid(order)
    time_machine.move_to("2026-11-23 12:00+01:00")
    receipt = receipts.issue(order)
    assert (receipt.number, receipt.facts["paid_on"]) == ("2026-000001", "2025-05-06")


def test_a_receipt_that_can_t_be_written_takes_nobody_s_term_away(shop, member, monkeypatch, paid):
    def fail(order, term, lines=None):
        raise KeyError("a shop's own address")

    with monkeypatch.context() as broken:
        broken.setattr(snapshot, "take", fail)
        order = shop.make_order(member)
        assert fulfilment.order_paid(order).created
    assert numbers() == []
    assert Term.objects.get().is_valid
    assert receipts.issue(order).number.endswith("-000001")


def test_a_conflict_over_the_number_ends_the_whole_payment_to_be_done_again(
    shop, member, monkeypatch
):
    """Caught, it would leave the member with a term that the database has rolled back."""

    def deadlock(order, term, lines=None):
        raise OperationalError("database is locked")

    monkeypatch.setattr(snapshot, "take", deadlock)
    with pytest.raises(OperationalError):
        fulfilment.order_paid(shop.make_order(member))
    assert not Term.objects.exists()


def test_the_doctor_misses_a_receipt_that_somebody_removed(paid):
    paid()
    paid().subscription_receipt.delete()
    codes = [finding.code for finding in records_doctor.receipt_numbers()]
    assert codes == ["receipts-not-continuous"]


def test_the_doctor_is_content_with_unbroken_years(time_machine, paid):
    for day in ("2026-12-31", "2027-01-02"):
        time_machine.move_to(f"{day} 12:00+00:00")
        paid()
    assert list(records_doctor.receipt_numbers()) == []

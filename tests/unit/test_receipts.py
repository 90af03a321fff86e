"""A paid order has one receipt, with the next number of the year and facts that never change."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, models, transaction
from oscar.core.loading import get_model

from oscar_subscriptions import doctor, fulfilment, receipts
from oscar_subscriptions.receipts import snapshot

BillingAddress = get_model("order", "BillingAddress")
PartnerAddress = get_model("partner", "PartnerAddress")
Receipt = get_model("oscar_subscriptions", "Receipt")
ReceiptCounter = get_model("oscar_subscriptions", "ReceiptCounter")
Source = get_model("payment", "Source")
SourceType = get_model("payment", "SourceType")
Surcharge = get_model("order", "Surcharge")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def member(shop):
    return shop.make_user(first_name="Ada", last_name="Martin")


@pytest.fixture
def today(time_machine):
    time_machine.move_to("2026-11-23 12:00+01:00")


@pytest.fixture
def paid(shop, member):
    """``paid()`` – a new order that gave a term; arguments as for ``shop.make_order``."""

    def pay(user=member, **fields):
        order = shop.make_order(user, **fields)
        assert fulfilment.order_paid(order).created
        return order

    return pay


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


def test_rate_on_the_receipt_of_a_price_in_yen_is_round(shop, member):
    order = shop.make_order(member)
    order.lines.update(line_price_excl_tax=1001, line_price_incl_tax=1101)
    type(order).objects.update(currency="JPY", total_excl_tax=1001, total_incl_tax=1101)
    fulfilment.order_paid(order)
    assert [part["rate"] for part in Receipt.objects.get().facts["vat"]] == ["10"]


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
    monkeypatch.setattr(fulfilment, "_issue_receipt", lambda order: None)
    fulfilment.order_paid(order)
    time_machine.move_to("2026-11-23 12:00+01:00")
    receipt = receipts.issue(order)
    assert (receipt.number, receipt.facts["paid_on"]) == ("2026-000001", "2025-05-06")


def test_a_receipt_that_can_t_be_written_takes_nobody_s_term_away(shop, member, monkeypatch, paid):
    def fail(order, term):
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

    def deadlock(order, term):
        raise OperationalError("deadlock detected")

    monkeypatch.setattr(snapshot, "take", deadlock)
    with pytest.raises(OperationalError):
        fulfilment.order_paid(shop.make_order(member))
    assert not Term.objects.exists()


def test_a_receipt_can_t_be_edited_and_keeps_its_order(paid):
    receipt = paid().subscription_receipt
    receipt.facts = {}
    with pytest.raises(ValidationError):
        receipt.save()
    with pytest.raises(models.ProtectedError), transaction.atomic():
        receipt.order.delete()


def test_the_doctor_misses_a_receipt_that_somebody_removed(paid):
    paid()
    paid().subscription_receipt.delete()
    codes = [finding.code for finding in doctor.receipt_numbers()]
    assert codes == ["receipts-not-continuous"]


def test_the_doctor_is_content_with_unbroken_years(time_machine, paid):
    for day in ("2026-12-31", "2027-01-02"):
        time_machine.move_to(f"{day} 12:00+00:00")
        paid()
    assert list(doctor.receipt_numbers()) == []


# What is kept.


@pytest.fixture
def order(today, shop, member, settings):
    """An order with all that a receipt may show, not paid."""
    settings.OSCAR_SUBSCRIPTIONS_VENDOR_DETAILS = ["SIRET 123 456 789 00012", ""]
    PartnerAddress.objects.create(
        partner=shop.vendor,
        line1="10 rue de la Bourse",
        line4="Lyon",
        postcode="69002",
        country=shop.country,
    )
    order = shop.make_order(member)
    fulfilment.lock_for_checkout(member, shop.plan, "fr")
    order.billing_address = BillingAddress.objects.create(
        first_name="Ada",
        last_name="Martin-Roy",
        line1="1 rue de la Paix",
        line4="Paris",
        postcode="75002",
        country=shop.country,
    )
    order.save()
    kind = SourceType.objects.create(name="Stripe Checkout")
    Source.objects.create(order=order, source_type=kind, currency="EUR", reference="pi_1")
    return order


def facts_of(order):
    assert fulfilment.order_paid(order).created
    return Receipt.objects.get(order=order).facts


def test_the_facts_are_those_of_the_payment(order):
    assert facts_of(order) == {
        "language": "fr",
        "vendor": {
            "name": "Intras Consultants",
            "address": ["10 rue de la Bourse", "69002 Lyon", "France"],
            "details": ["SIRET 123 456 789 00012"],
        },
        "member": {
            "name": "Ada Martin-Roy",
            "address": ["1 rue de la Paix", "75002 Paris", "France"],
        },
        "order": order.number,
        "ordered_on": "2026-11-23",
        "paid_on": "2026-11-23",
        "payment": "Stripe Checkout pi_1",
        "plan": "Silver",
        "starts_on": "2026-11-23",
        "ends_on": "2027-11-23",
        "currency": "EUR",
        "lines": [
            {
                "title": "Silver",
                "quantity": 1,
                "net": "200.00",
                "gross": "240.00",
                "discount": "0.00",
            }
        ],
        "vat": [{"rate": "20", "net": "200.00", "tax": "40.00"}],
        "net": "200.00",
        "tax": "40.00",
        "gross": "240.00",
    }


def test_the_facts_survive_every_later_change(order, shop, member, settings):
    before = facts_of(order)
    settings.OSCAR_SUBSCRIPTIONS_VENDOR_DETAILS = ["SIRET 999"]
    shop.vendor.name = "Somebody else"
    shop.vendor.save()
    shop.vendor.addresses.all().delete()
    shop.plan.product.stockrecords.update(price=D("1.00"))
    order.billing_address.delete()
    member.delete()
    assert receipts.issue(order).facts == before


def test_a_vendor_with_two_addresses_is_no_obstacle(order, shop):
    """Oscar's ``primary_address`` raises then."""
    PartnerAddress.objects.create(partner=shop.vendor, line1="Warehouse", country=shop.country)
    assert facts_of(order)["vendor"]["address"][0] == "10 rue de la Bourse"


def test_a_vendor_deleted_since_the_payment_is_named_as_the_order_has_it(order, shop, monkeypatch):
    monkeypatch.setattr(fulfilment, "_issue_receipt", lambda order: None)
    fulfilment.order_paid(order)
    shop.vendor.delete()
    assert receipts.issue(order).facts["vendor"]["name"] == "Intras Consultants"


def test_surcharges_and_shipping_are_lines_of_their_own(order):
    Surcharge.objects.create(order=order, name="Handling", excl_tax=D("5.00"), incl_tax=D("5.28"))
    order.shipping_method = "Letter"
    order.shipping_excl_tax, order.shipping_incl_tax = D("10.00"), D("12.00")
    order.total_excl_tax, order.total_incl_tax = D("215.00"), D("257.28")
    order.save()
    facts = facts_of(order)
    assert [(line["title"], line["gross"]) for line in facts["lines"]] == [
        ("Silver", "240.00"),
        ("Handling", "5.28"),
        ("Letter", "12.00"),
    ]
    assert facts["vat"] == [
        {"rate": "20", "net": "210.00", "tax": "42.00"},
        {"rate": "5.5", "net": "5.00", "tax": "0.28"},
    ]


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({"first_name": "Ada", "last_name": "Martin"}, "Ada Martin"),
        ({}, "member@example.com"),
    ],
)
def test_a_member_without_billing_address_is_named_all_the_same(shop, names, shown):
    assert facts_of(shop.make_order(shop.make_user(**names)))["member"] == {
        "name": shown,
        "address": [],
    }

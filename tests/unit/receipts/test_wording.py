"""What a receipt says, in the language that it was issued in."""

from copy import deepcopy
from decimal import Decimal as D

import pytest
from django.utils import translation
from oscar.core.loading import get_model

from oscar_subscriptions.receipts import wording
from tests.unit.receipts.pdf import FACTS, texts

Source = get_model("payment", "Source")
SourceType = get_model("payment", "SourceType")


def test_the_receipt_is_in_the_member_s_language_whoever_looks(receipt):
    with translation.override("en"):
        printed = texts(receipt(language="fr"))
    assert {"23 novembre 2026", "Total payé", "1\u00a0440,00\u00a0€"} <= set(printed)
    assert "Total paid" not in printed


def test_an_order_without_vat_says_so(receipt):
    printed = texts(receipt(vat=[], tax="0.00", net="1440.00"))
    assert "No VAT was charged." in printed
    assert not any(text.startswith("VAT 2") for text in printed)


def test_vat_whose_rate_is_unknown_is_one_amount(receipt):
    part = {"rate": None, "net": "1200.00", "tax": "240.00"}
    assert texts(receipt(vat=[part])).count("VAT") == 2  # the column, and the total


def test_rates_and_discounts_are_written_as_the_language_has_it(receipt):
    line = FACTS["lines"][0] | {"discount": "60.00", "quantity": 2}
    parts = [{"rate": "5.5", "net": "1200.00", "tax": "66.00"}]
    words = wording.wording_of(receipt(language="fr", lines=[line], vat=parts))
    assert words.lines[0].title == "Silver × 2"
    assert "60,00\u00a0€" in words.lines[0].details[1]
    assert "5,5" in words.totals[1][0]


def test_a_payment_without_reference_has_no_row(receipt):
    assert "Payment" not in texts(receipt(payment=""))


def test_a_refund_is_noted_and_the_facts_are_left_alone(receipt, time_machine):
    issued = receipt()
    source = Source.objects.create(
        order=issued.order, source_type=SourceType.objects.create(name="Stripe"), currency="EUR"
    )
    issued.facts["sources"] = [source.pk]
    before = deepcopy(issued.facts)
    assert not any("refunded" in text for text in texts(issued))
    time_machine.move_to("2026-12-24 23:30+00:00")  # in Paris it is Christmas
    source.refund(D("40.00"))
    note = "Note: €40.00 of this payment was refunded on Dec. 25, 2026."
    assert note in texts(issued)
    assert issued.facts == before


def test_vendor_and_member_stand_side_by_side(receipt):
    vendor, member = wording.wording_of(receipt()).parties
    assert (vendor.heading, vendor.name) == ("Sold by", "Intras Consultants")
    assert vendor.lines == [
        "10 rue de la Bourse",
        "69002 Lyon",
        "France",
        "SIRET 123 456 789 00012",
    ]
    assert (member.heading, member.name) == ("Sold to", "Ada Martin")
    assert member.lines == ["1 rue de la Paix", "75002 Paris"]


def test_days_of_the_term_are_told_below_the_plan_and_below_nothing_else(receipt):
    extra = FACTS["lines"][0] | {"title": "Letter", "net": "10.00", "gross": "12.00"}
    plan, letter = wording.wording_of(receipt(lines=[*FACTS["lines"], extra])).lines
    assert plan.details == ["From Nov. 23, 2026 to Nov. 23, 2027 inclusive"]
    assert (letter.details, letter.net, letter.tax, letter.gross) == (
        [],
        "€10.00",
        "€2.00",
        "€12.00",
    )


def test_each_rate_is_a_total_and_what_was_paid_comes_last(receipt):
    parts = [
        {"rate": "20", "net": "1000.00", "tax": "200.00"},
        {"rate": "5.5", "net": "200.00", "tax": "11.00"},
    ]
    assert wording.wording_of(receipt(vat=parts, tax="211.00", gross="1411.00")).totals == [
        ("Total excl. VAT", "€1,200.00"),
        ("VAT 20% on €1,000.00", "€200.00"),
        ("VAT 5.5% on €200.00", "€11.00"),
        ("Total paid", "€1,411.00"),
    ]


@pytest.mark.parametrize(("code", "paid"), [("JPY", "¥1,440"), ("CHF", "CHF1,440.00")])
def test_amounts_are_in_the_currency_of_the_order(receipt, code, paid):
    assert wording.wording_of(receipt(currency=code)).totals[-1][1].replace("\xa0", "") == paid


def refunded(order, name, amount):
    """Return a source of ``order`` that has given ``amount`` back."""
    kind = SourceType.objects.create(name=name)
    source = Source.objects.create(order=order, source_type=kind, currency="EUR")
    source.refund(D(amount))
    return source


def test_fault_97_refund_of_another_payment_of_the_order_is_not_noted(receipt):
    issued = receipt()
    refunded(issued.order, "Stripe", "240.00")
    assert wording.wording_of(issued).notes == []


def test_each_source_that_gave_money_back_has_a_note(receipt, time_machine):
    time_machine.move_to("2026-12-24 12:00+01:00")
    issued = receipt()
    for name, amount in (("Stripe", "40.00"), ("Transfer", "1.50")):
        issued.facts["sources"].append(refunded(issued.order, name, amount).pk)
    assert wording.wording_of(issued).notes == [
        f"Note: €{amount} of this payment was refunded on Dec. 24, 2026."
        for amount in ("40.00", "1.50")
    ]

"""The facts of a receipt are those of the payment, and survive every later change."""

import json
from decimal import Decimal as D

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, receipts
from oscar_subscriptions.fulfilment import paid_order
from oscar_subscriptions.receipts import snapshot

BillingAddress = get_model("order", "BillingAddress")
PartnerAddress = get_model("partner", "PartnerAddress")
Receipt = get_model("oscar_subscriptions", "Receipt")
Source = get_model("payment", "Source")
SourceType = get_model("payment", "SourceType")
Surcharge = get_model("order", "Surcharge")


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
        "sources": [order.sources.get().pk],
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
    monkeypatch.setattr(paid_order, "_issue_receipt", lambda paid, term: None)
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
        # 5.5 %, or 5.6 %: the surcharge does not say.
        {"rate": None, "net": "5.00", "tax": "0.28"},
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


def test_fault_98_rate_on_the_receipt_is_that_of_the_order_and_not_of_today(shop, member):
    order = shop.make_order(member)
    shop.keep_consent(order)
    order.subscription_consent.__class__.objects.update(tax_rate=D("19.5"))
    order.lines.update(line_price_excl_tax=D("200.84"), line_price_incl_tax=240)
    type(order).objects.update(total_excl_tax=D("200.84"), total_incl_tax=240)
    assert facts_of(order)["vat"] == [{"rate": "19.5", "net": "200.84", "tax": "39.16"}]


def test_fault_98_without_consent_the_rate_is_that_of_the_strategy_if_it_agrees(shop, member):
    order = shop.make_order(member)
    order.lines.update(line_price_excl_tax=D("14.99"), line_price_incl_tax=D("17.98"))
    type(order).objects.update(total_excl_tax=D("14.99"), total_incl_tax=D("17.98"))
    assert facts_of(order)["vat"] == [{"rate": "20", "net": "14.99", "tax": "2.99"}]


def test_fault_98_order_of_a_product_deleted_since_names_no_rate(shop, member):
    shop.grant(member)
    order = shop.make_order(member)
    order.lines.update(product=None)
    assert taken(order, member)["vat"] == [{"rate": None, "net": "200.00", "tax": "40.00"}]


def test_rate_on_the_receipt_of_a_price_in_yen_is_round(shop, member):
    order = shop.make_order(member)
    order.lines.update(line_price_excl_tax=1001, line_price_incl_tax=1201)
    type(order).objects.update(currency="JPY", total_excl_tax=1001, total_incl_tax=1201)
    fulfilment.order_paid(order)
    assert [part["rate"] for part in Receipt.objects.get().facts["vat"]] == ["20"]


def taken(order, user):
    """The facts of ``order`` with a term of ``user`` that it need not have given."""
    return snapshot.take(order, user.oscar_subscriptions.get().terms.get())


def test_facts_are_json(shop, member):
    shop.grant(member)
    facts = taken(shop.make_order(member), member)
    assert json.loads(json.dumps(facts)) == facts


def test_days_are_those_of_the_shop_s_timezone(time_machine, shop, member):
    time_machine.move_to("2026-12-31 22:59+00:00")
    order = shop.make_order(member)
    time_machine.move_to("2026-12-31 23:01+00:00")  # in Paris it is 2027
    shop.grant(member)
    facts = taken(order, member)
    assert (facts["ordered_on"], facts["paid_on"]) == ("2026-12-31", "2027-01-01")


@pytest.mark.parametrize(("chosen", "expected"), [("fr", "fr"), ("", "en")])
def test_a_receipt_is_in_the_member_s_language_or_else_in_the_shop_s(
    shop, member, chosen, expected
):
    shop.grant(member)
    member.oscar_subscriptions.update(language=chosen)
    assert taken(shop.make_order(member), member)["language"] == expected


def test_an_order_of_an_account_that_is_gone_is_in_the_name_that_the_subscription_keeps(
    shop, member
):
    shop.grant(member)
    member.oscar_subscriptions.update(member_name="Ada Martin")
    order, subscription = shop.make_order(member), member.oscar_subscriptions.get()
    member.delete()
    order.refresh_from_db()
    facts = snapshot.take(order, subscription.terms.get())
    assert facts["member"] == {"name": "Ada Martin", "address": []}


def test_an_order_of_which_the_provider_left_no_trace_names_no_payment(shop, member):
    shop.grant(member)
    order = shop.make_order(member)
    assert taken(order, member)["payment"] == ""
    kind = SourceType.objects.create(name="Transfer")
    Source.objects.create(order=order, source_type=kind, currency="EUR")
    assert taken(order, member)["payment"] == "Transfer"


def sources_of(shop, member, *amounts):
    """What the receipt of an order of 240.00 names, of sources with these amounts."""
    shop.grant(member)
    order, kind = shop.make_order(member), SourceType.objects.create(name="Card")
    for number, (allocated, debited) in enumerate(amounts, 1):
        Source.objects.create(
            order=order,
            source_type=kind,
            currency="EUR",
            reference=f"{number}",
            amount_allocated=D(allocated),
            amount_debited=D(debited),
        )
    facts = taken(order, member)
    named = {str(source.pk): source.reference for source in order.sources.all()}
    return facts["payment"], "".join(named[str(pk)] for pk in facts["sources"])


@pytest.mark.parametrize(
    ("amounts", "named", "kept"),
    [
        ([(240, 240), (240, 240)], "Card 1", "1"),
        ([(240, 0), (240, 0)], "Card 1", "1"),  # a gateway that only allocates
        ([(0, 240), (0, 240)], "Card 1", "1"),
        ([(100, 100), (140, 140), (240, 240)], "Card 1, Card 2", "12"),  # a gift card, and a card
        ([(100, 100), (150, 150), (240, 240)], "Card 1, Card 2", "12"),
    ],
)
def test_fault_97_a_second_payment_of_the_order_is_not_on_the_receipt(
    shop, member, amounts, named, kept
):
    assert sources_of(shop, member, *amounts) == (named, kept)


def test_an_order_that_cost_nothing_names_no_payment(shop, member):
    shop.grant(member)
    order = shop.make_order(member)
    order.total_excl_tax = order.total_incl_tax = D(0)
    kind = SourceType.objects.create(name="Card")
    Source.objects.create(order=order, source_type=kind, currency="EUR")
    assert taken(order, member)["payment"] == ""

"""What the export says of orders: what was bought, accepted and receipted."""

from decimal import Decimal as D

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.privacy import people, purchases

Receipt = get_model("oscar_subscriptions", "Receipt")


@pytest.fixture
def today(time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)


def told(user):
    return purchases.orders(people.as_person(user))


def test_an_order_is_told_with_its_amounts_as_text(today, shop, ada):
    order = shop.make_order(ada)
    assert told(ada) == [
        {
            "number": order.number,
            "placed_at": "2017-02-03T11:00:00+00:00",
            "status": order.status,
            "total": "240.00",
            "tax": "40.00",
            "currency": "EUR",
            "lines": [{"title": "Silver", "quantity": 1, "price": "240.00"}],
            "billing_address": None,
            "consent": None,
            "receipt": None,
        }
    ]


def test_the_billing_address_is_told_as_it_was_typed(shop, ada):
    shop.place_order(ada)
    [order] = told(ada)
    assert order["billing_address"] == [
        "Ada Martin",
        "1 rue de la Paix",
        "Paris",
        "75002",
        "France",
    ]


def test_the_consent_is_told_with_the_words_and_the_days_that_were_shown(today, shop, ada):
    shop.keep_consent(shop.make_order(ada))
    [order] = told(ada)
    assert order["consent"] == {
        "terms_of_sale": "2026-1",
        "language": "en",
        "text": "No refund during use.",
        "accepted_at": "2017-02-03T11:00:00+00:00",
        "first_day_shown": "2017-02-03",
        "last_day_shown": "2018-02-03",
    }


def test_the_receipt_is_told_with_all_that_is_printed_on_it(today, shop, ada):
    fulfilment.order_paid(shop.make_order(ada))
    [order] = told(ada)
    facts = Receipt.objects.get().facts
    assert order["receipt"] == {
        "number": "2017-000001",
        "issued_on": "2017-02-03",
        "facts": facts,
    }
    assert facts["gross"] == "240.00"


def test_lines_are_told_in_the_order_in_which_they_were_bought(shop, ada):
    service = shop.make_service(shop.make_seller(), "Coaching")
    order = shop.make_order(ada, extra=[service])
    order.lines.filter(title="Coaching").update(line_price_incl_tax=D("60.00"), quantity=2)
    [order] = told(ada)
    assert [(line["title"], line["quantity"]) for line in order["lines"]] == [
        ("Silver", 1),
        ("Coaching", 2),
    ]
    assert order["lines"][1]["price"] == "60.00"


def test_orders_take_the_same_number_of_queries_however_many_they_are(
    shop, ada, django_assert_num_queries
):
    for number in (1, 2):
        order = shop.make_order(ada)
        shop.keep_consent(order)
        fulfilment.order_paid(order)
        with django_assert_num_queries(2):
            assert len(told(ada)) == number

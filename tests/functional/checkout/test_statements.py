"""Bounds for what a purchase costs the database, page by page. They may only be lowered."""

import pytest
from django.urls import reverse

from tests.functional import pages
from tests.statements import counted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def walked(shop, client, standin):
    """``walked(member)``: the statements of each step of a purchase, by name."""

    def walk(member):
        asked = {}

        def step(name, action):
            with counted() as statements:
                result = action()
            asked[name] = len(statements.asked)
            return result

        client.force_login(member)
        step("basket", lambda: pages.add_to_basket(client, shop.plan.product))
        step("index", lambda: client.get(reverse("checkout:index")))
        page = step("order page", lambda: client.get(reverse("checkout:preview")))
        values = pages.form_values(page, "place_order_form") | pages.ADDRESS
        values |= {"accept_terms": "on"}
        placed = step("order", lambda: client.post(page.request["PATH_INFO"], values))
        hosted = step("to pay", lambda: client.get(placed.url)).url
        _, back, _ = standin.submit_card(hosted)
        step("back", lambda: client.get(back))
        thanks = step("thank-you", lambda: client.get(reverse("checkout:thank-you")))
        assert "€240.00" in pages.text(thanks)
        return asked

    return walk


BOUNDS = {
    "basket": 45,
    "index": 12,
    "order page": 17,
    "order": 50,
    "to pay": 12,
    "back": 60,
    "thank-you": 8,
}


def test_a_purchase_asks_at_most_so_many_statements(shop, walked):
    walked(shop.make_user("first"))  # what a process remembers, such as content types
    asked = walked(shop.make_user("second"))
    assert {name: count for name, count in asked.items() if count > BOUNDS[name]} == {}


def test_a_purchase_costs_the_same_in_a_larger_shop(shop, walked):
    walked(shop.make_user("first"))
    before = walked(shop.make_user("second"))
    for number in range(10):
        shop.make_service(shop.make_seller(f"seller-{number}"))
        shop.make_plan(f"Plan {number}")
    assert walked(shop.make_user("third")) == before

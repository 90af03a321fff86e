"""Numbers that no computer counts to, in every field and address of ours."""

from itertools import product

import pytest

from tests.functional import pages
from tests.functional.doors import every_page

# Python refuses to read 5,000 digits; it reads 4,000, which no database does; nor 25.
NUMBERS = ["9" * 5000, "9" * 4000, "9" * 25, "-" + "9" * 25, "1e5000", "0." + "9" * 5000, "NaN"]


@pytest.fixture
def who(member_browser, staff_browser):
    """Return the browser that may open a page."""
    return lambda name: staff_browser if every_page.is_for_staff(name) else member_browser


def survives(response):
    """Return whether a page or a message answers; an error would be raised by the client."""
    return response.status_code in (200, 302, 400, 403, 404, 405, 501)


@pytest.mark.parametrize("name", every_page.NAMES)
def test_fault_114_a_number_of_5000_digits_in_an_address_is_not_found(rows, who, name):
    pattern = every_page.patterns()[name].pattern
    row = rows.get(name)
    parts = row.values() if isinstance(row, dict) else [row]
    for part, number in product(parts, NUMBERS[:3]) if pattern.converters else ():
        url = every_page.address(name, rows).replace(f"/{part}/", f"/{number}/", 1)
        for send in (who(name).get, who(name).post):
            assert send(url).status_code in (404, 405), (url[:80], send)


@pytest.mark.parametrize("name", every_page.NAMES)
def test_fault_114_nor_does_one_in_a_query_break_a_page(rows, who, name):
    for number in NUMBERS:
        # A page that there is not is not looked at any further.
        for fields in (["page"], ["q", "sort", "o", "status"]):
            query = dict.fromkeys(fields, number)
            assert survives(who(name).get(every_page.address(name, rows), query))


@pytest.mark.parametrize("name", every_page.NAMES)
def test_fault_114_nor_does_one_in_any_field_of_a_form(rows, who, name):
    browser = who(name)
    page = browser.get(every_page.address(name, rows))
    for method, action, values in every_page.forms_of_ours(page):
        for field in values.keys() - {"csrfmiddlewaretoken"}:
            for number in NUMBERS:
                sent = getattr(browser, method)(action, values | {field: number})
                assert survives(sent), (action, field, number[:9])


def test_fault_114_the_walk_finds_the_forms(rows, who):
    found = set()
    for name in every_page.NAMES:
        for _, action, values in every_page.forms_of_ours(
            who(name).get(every_page.address(name, rows))
        ):
            found |= {field for field in values if field != "csrfmiddlewaretoken"}
            assert every_page.is_ours(action.split("?")[0])
    assert {"price", "category", "months", "listing_limit", "service", "q", "reminders"} <= found


def test_fault_114_nor_does_one_in_the_order_form(shop, client):
    client.force_login(shop.make_user())
    pages.add_to_basket(client, shop.plan.product)
    page = pages.order_page(client)
    values = pages.form_values(page, "place_order_form") | pages.ADDRESS
    for field in values.keys() | {"accept_terms", "begins"}:
        for number in NUMBERS[:4]:  # none of them is read as a fraction
            action = page.request["PATH_INFO"]
            assert survives(client.post(action, values | {field: number})), field


def test_fault_114_a_choice_of_services_by_such_a_number_chooses_nothing(
    rows, member_browser, seller
):
    url = every_page.address("subscriptions:service-choose", rows)
    for number in [*NUMBERS, "\u0663", ""]:
        assert survives(member_browser.post(url, {"service": [number]}))

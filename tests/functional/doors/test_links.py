"""A link that is only opened changes nothing: scanners of e-mails and browsers open every one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.functional import pages
from tests.functional.doors import every_page

# They write once what was to be written anyway: a receipt's number, what the provider answers, and
# the payment page of an order that waits.
BY_NATURE = {
    "subscriptions:receipt",
    "subscriptions-payments:pay",
    "subscriptions-payments:return",
    "subscriptions-payments:cancel-return",
}
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.mark.parametrize("name", sorted({*every_page.NAMES} - BY_NATURE))
def test_fault_118_opening_a_page_writes_nothing(rows, shop, member_browser, staff_browser, name):
    browser = staff_browser if every_page.is_for_staff(name) else member_browser
    url = every_page.address(name, rows)
    # A basket that a careless link would change.
    pages.add_to_basket(browser, shop.make_plan("Gold").product)
    browser.get(url)  # whatever a session keeps is kept
    for send in (browser.get, browser.head):
        with CaptureQueriesContext(connection) as asked:
            assert send(url).status_code in (200, 405)
        written = [each["sql"] for each in asked if each["sql"].startswith(WRITES)]
        assert not [sql for sql in written if "django_session" not in sql]

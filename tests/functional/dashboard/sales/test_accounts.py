"""The account to sell for is found by the beginning of name or address, and never a whole shop."""

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from oscar_subscriptions.dashboard.sales import accounts


def addresses(text):
    return [user.email for user in accounts.find(text)[0]]


@pytest.fixture
def people(shop):
    for name, first, last in (("zoe", "Zoé", "Martin"), ("ada", "Ada", "Martin"), ("bob", "", "")):
        shop.make_user(name, first_name=first, last_name=last)
    shop.make_user("adam", first_name="Adam", is_active=False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mart", ["ada@example.com", "zoe@example.com"]),
        ("MART ad", ["ada@example.com"]),
        ("ada@example.com", ["ada@example.com"]),
        ("  bob ", ["bob@example.com"]),
        ("tin", []),
        ("mart bob", []),
        ("", []),
        ("%", []),
    ],
)
def test_each_word_begins_a_name_or_the_address(people, text, found):
    assert addresses(text) == found


def test_no_more_are_read_than_shown(shop):
    for number in range(accounts.SHOWN + 5):
        shop.make_user(f"many{number}")
    with CaptureQueriesContext(connection) as asked:
        found, are_more = accounts.find("many")
    assert (len(found), are_more) == (accounts.SHOWN, True)
    [query] = asked
    assert f"LIMIT {accounts.SHOWN + 1}" in query["sql"] and "ORDER BY" not in query["sql"]


@pytest.mark.parametrize("key", ["0", "-1", "x", "1.5", "9" * 25, "9" * 5000, "\u0663x", "True"])
def test_what_is_no_key_is_no_account(db, key):
    with pytest.raises(Http404):
        accounts.get_or_404(key)


def test_a_closed_account_is_not_sold_to(shop):
    user = shop.make_user("ada")
    assert accounts.get_or_404(str(user.pk)) == user
    user.is_active = False
    user.save()
    with pytest.raises(Http404):
        accounts.get_or_404(str(user.pk))

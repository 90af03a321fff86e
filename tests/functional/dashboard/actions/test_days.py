"""Days are given, added, handed over, and taken back."""

from datetime import date

import pytest

from oscar_subscriptions import fulfilment, sellers
from oscar_subscriptions.fulfilment import ledger
from tests.functional import pages
from tests.functional.dashboard import acting


@pytest.fixture
def term(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)
    user = shop.make_user("ada", first_name="Ada", last_name="Martin")
    return fulfilment.order_paid(shop.make_order(user)).term


@pytest.fixture
def receiver(shop):
    return shop.make_user("bea", first_name="Bea", last_name="Roy")


def held(term):
    rows = term.subscription.terms.not_revoked().order_by("starts_on")
    return [(row.starts_on, row.ends_on) for row in rows]


YEAR = (date(2017, 2, 3), date(2018, 2, 3))


@pytest.mark.parametrize(
    ("days", "last"), [("10", date(2018, 2, 13)), ("", date(2019, 2, 3))], ids=["days", "year"]
)
def test_days_or_a_whole_year_are_given(desk, operator, term, days, last):
    url = acting.address("subscription-give", pk=term.subscription_id)
    found, page = acting.carry_out(desk, url, days=days)
    assert found[0].startswith("Last day of Silver: Feb. 3, 2018 →")
    assert "The days are given." in pages.text(page)
    assert held(term) == [YEAR, (date(2018, 2, 4), last)]
    given = term.subscription.terms.get(ends_on=last)
    assert (given.granted_by, given.grant_reason) == (operator, "Ada called")


def test_days_are_given_to_a_member_who_has_none_left(desk, term):
    ledger.revoke(term, reason="refunded")
    url = acting.address("subscription-give", pk=term.subscription_id)
    found, _page = acting.carry_out(desk, url, days="30")
    assert found[:2] == [
        "Last day of Silver: March 4, 2017; before, no day was left.",
        "The member is a seller from today, until March 4, 2017, grace included.",
    ]
    assert sellers.is_seller(term.subscription.user)


@pytest.mark.parametrize("days", ["0", "-1", "36501", "x", "9" * 5000])
@pytest.mark.parametrize("name", ["give", "extend"])
def test_what_is_no_number_of_days_is_refused(desk, term, name, days):
    url = acting.address(f"subscription-{name}", pk=term.subscription_id)
    page = pages.soup(acting.preview(desk, url, days=days))
    assert page.select("#id_days_error") and page.find(id="preview_form") is None


def test_a_suspended_subscription_is_settled_first(desk, term):
    ledger.suspend(term, reason="dispute")
    url = acting.address("subscription-extend", pk=term.subscription_id)
    page = acting.preview(desk, url, days="30")
    assert "The subscription is suspended. Settle that first." in pages.text(page)


def test_a_subscription_is_handed_over_and_taken_back(desk, term, receiver):
    service_owner = term.subscription.user
    url = acting.address("subscription-hand-over", pk=term.subscription_id)
    found, _page = acting.carry_out(desk, url, to=" BEA@example.com ")
    assert "Ada Martin: Revoked: Silver, Feb. 3, 2017 – Feb. 3, 2018." in found
    assert "Bea Roy: New term: Silver, Feb. 3, 2017 – Feb. 3, 2018." in found
    told = "This e-mail goes out to"
    assert f"Ada Martin: {told} ada@example.com: “Silver” was handed over to Bea Roy" in found
    assert f"Bea Roy: {told} bea@example.com: “Silver” is yours until Feb. 3, 2018" in found
    assert sellers.is_seller(receiver) and held(term) == []
    url = acting.address("subscription-take-back", pk=term.subscription_id)
    found, _page = acting.carry_out(desk, url)
    assert "Ada Martin: Counts again: Silver, Feb. 3, 2017 – Feb. 3, 2018." in found
    sellers.forget(receiver)
    assert sellers.is_seller(service_owner) and not sellers.is_seller(receiver)
    assert held(term) == [YEAR]


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("nobody@example.com", "No account has this address."),
        ("ada@example.com", "The subscription is this member's already."),
        ("closed@example.com", "This account is closed."),
        ("twin@example.com", "More than one account has this address."),
    ],
)
def test_who_can_receive_nothing_is_refused(desk, shop, term, to, said):
    shop.make_user("closed", is_active=False)
    for name in ("one", "two"):
        twin = shop.make_user(name)
        type(twin).objects.filter(pk=twin.pk).update(email="twin@example.com")
    url = acting.address("subscription-hand-over", pk=term.subscription_id)
    assert said in pages.text(acting.preview(desk, url, to=to))
    assert held(term) == [YEAR]

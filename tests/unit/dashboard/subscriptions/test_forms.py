"""A search is what its address says."""

from datetime import date, timedelta

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.dashboard.subscriptions.forms import SubscriptionSearchForm
from oscar_subscriptions.fulfilment import ledger

Subscription = get_model("oscar_subscriptions", "Subscription")
TODAY = date(2017, 2, 3)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)


@pytest.fixture
def people(shop):
    """Members by the days until their last one."""
    rows = {}
    for days in (-1, 0, 5, 40):
        first = TODAY + timedelta(days=days - 366)
        rows[days] = shop.grant(shop.make_user(f"member{days}"), starts_on=first)
    return {days: term.subscription for days, term in rows.items()}


def found(**query):
    form = SubscriptionSearchForm(query)
    return list(form.search(Subscription.objects.all()))


@pytest.mark.parametrize(
    ("within", "days"), [("0", [0]), ("5", [0, 5]), ("60", [0, 5, 40]), ("", [40, 5, 0, -1])]
)
def test_those_that_end_within_days_come_in_that_order(people, within, days):
    assert found(ends_within=within) == [people[one] for one in days]


def test_one_that_goes_on_or_does_not_count_does_not_end(shop, people):
    shop.grant(people[5].user, starts_on=TODAY + timedelta(days=6))
    ledger.revoke(people[40].terms.get(), reason="refunded")
    assert found(ends_within="60") == [people[0]]


def test_words_and_a_status_narrow_it(people):
    assert found(ends_within="60", q="member5") == [people[5]]
    assert found(ends_within="60", status="active") == [people[0], people[5], people[40]]
    assert found(ends_within="60", status="lapsed") == []


@pytest.mark.parametrize(
    ("on", "status", "days"),
    [
        ("2017-02-02", "active", [40, 5, 0, -1]),
        ("2017-02-03", "active", [40, 5, 0]),
        ("2017-03-20", "lapsed", [40, 5, 0, -1]),
        ("2016-01-01", "upcoming", [-1, 0, 5, 40]),
    ],
)
def test_the_status_is_that_of_any_date(people, on, status, days):
    assert set(found(on=on, status=status)) == {people[one] for one in days}


def test_a_day_of_another_date_is_counted_from_there(people):
    assert found(on="2017-03-01", ends_within="20") == [people[40]]


@pytest.mark.parametrize("query", [{"on": "soon"}, {"ends_within": "-1"}, {"ends_within": "x"}])
def test_a_mistake_finds_nothing(people, query):
    assert found(**query) == []

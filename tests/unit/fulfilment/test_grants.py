"""What operators give: terms of their own, by name and with a reason; nothing is ever edited."""

from datetime import date, timedelta

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, journal, sellers
from oscar_subscriptions.fulfilment import grants, ledger

JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def today(time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)
    return date(2017, 2, 3)


@pytest.fixture
def operator(shop, today):
    return shop.make_user("operator", first_name="Olga", last_name="Petit", is_staff=True)


@pytest.fixture
def member(shop, today):
    return shop.make_user(first_name="Ada", last_name="Martin")


def days(term):
    return term.starts_on, term.ends_on


def given(operator):
    return {"reason": "Outage in January", "actor": operator}


def test_grant_is_a_year_of_the_plan_from_today_with_name_and_reason(shop, member, operator):
    term = grants.grant(member, shop.plan, **given(operator))
    assert days(term) == (date(2017, 2, 3), date(2018, 2, 3))
    assert (term.granted_by, term.granted_by_name) == (operator, "Olga Petit")
    assert (term.grant_reason, term.price, term.order_line) == ("Outage in January", None, None)
    assert sellers.is_seller(member)
    line = JournalEntry.objects.get(kind=journal.TERM_GRANTED)
    assert (line.term, line.actor, line.reason) == (term, operator, "Outage in January")


def test_grant_of_days_counts_the_first_and_the_last(shop, member, operator):
    term = grants.grant(member, shop.plan, days=10, **given(operator))
    assert days(term) == (date(2017, 2, 3), date(2017, 2, 12))
    assert term.months == 0


def test_grant_continues_what_runs(shop, member, operator):
    shop.grant(member)
    term = grants.grant(member, shop.plan, **given(operator))
    assert days(term) == (date(2018, 2, 4), date(2019, 2, 3))


def test_extension_is_followed_by_a_whole_year(shop, member, operator):
    first = shop.grant(member)
    extra = grants.extend(first.subscription, 5, **given(operator))
    assert days(extra) == (date(2018, 2, 4), date(2018, 2, 8))
    bought = fulfilment.order_paid(shop.make_order(member)).term
    assert days(bought) == (date(2018, 2, 9), date(2019, 2, 8))
    first.refresh_from_db()
    assert days(first) == (date(2017, 2, 3), date(2018, 2, 3))


def test_extension_needs_something_to_extend(shop, member, operator, time_machine):
    term = shop.grant(member)
    time_machine.move_to("2018-02-04 12:00+01:00")
    with pytest.raises(grants.NotGrantedError, match="no running term"):
        grants.extend(term.subscription, 5, **given(operator))


@pytest.mark.parametrize("length", [0, -3])
def test_term_has_at_least_one_day(shop, member, operator, length):
    with pytest.raises(grants.NotGrantedError, match="at least one day"):
        grants.grant(member, shop.plan, days=length, **given(operator))
    assert not Term.objects.exists()


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_given_without_a_reason(shop, member, operator, reason):
    with pytest.raises(grants.NotGrantedError, match="reason"):
        grants.grant(member, shop.plan, reason=reason, actor=operator)


def test_nothing_is_given_while_a_payment_is_disputed(shop, member, operator):
    term = shop.grant(member)
    ledger.suspend(term, reason="dispute")
    with pytest.raises(grants.NotGrantedError, match="suspended"):
        grants.extend(term.subscription, 5, **given(operator))


def test_dispute_about_a_year_that_is_over_does_not_keep_an_operator_from_giving_days(
    shop, member, operator, time_machine
):
    old = shop.grant(member)
    time_machine.move_to("2018-06-03 12:00+02:00")
    running = shop.grant(member)
    ledger.suspend(old, reason="dispute")
    given_now = grants.extend(running.subscription, 5, **given(operator))
    assert given_now.starts_on == running.ends_on + timedelta(days=1)


def test_nothing_is_given_to_an_account_that_is_gone(shop, member, operator):
    term = shop.grant(member)
    member.delete()
    term.subscription.refresh_from_db()
    with pytest.raises(grants.NotGrantedError, match="no longer exists"):
        grants.extend(term.subscription, 5, **given(operator))

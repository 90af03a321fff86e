"""The days that a plan would give to this visitor, if it were paid today."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.plans import previews
from oscar_subscriptions.plans.changes import TODAY, Change

FIRST, LAST = date(2017, 2, 3), date(2018, 2, 3)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)


@pytest.fixture
def ada(shop):
    return shop.make_user("ada")


@pytest.fixture
def gold(shop):
    return shop.make_plan("Gold", months=6, grace_days=5)


def days(span):
    return span.starts_on, span.ends_on


def test_visitor_would_begin_each_plan_today_and_costs_no_query(
    shop, gold, django_assert_num_queries
):
    with django_assert_num_queries(0):
        found = previews.preview_terms([shop.plan, gold], AnonymousUser())
    assert days(found[shop.plan.pk]) == (FIRST, LAST)
    assert days(found[gold.pk]) == (FIRST, date(2017, 8, 3))
    assert found[gold.pk].covered_until == date(2017, 8, 8)


def test_member_continues_own_plans_and_one_query_tells_all(
    shop, ada, gold, django_assert_num_queries
):
    shop.grant(ada)
    shop.grant(shop.make_user("bea"), gold)
    with django_assert_num_queries(1):
        found = previews.preview_terms([shop.plan, gold], ada)
    assert days(found[shop.plan.pk]) == (LAST + DAY, date(2019, 2, 3))
    assert found[gold.pk].starts_on == FIRST


def test_suspended_term_keeps_its_days_and_a_revoked_one_does_not(shop, ada):
    term = shop.grant(ada)
    ledger.suspend(term, reason="dispute")
    assert previews.preview_term(shop.plan, ada).starts_on == LAST + DAY
    ledger.revoke(term, reason="refund")
    assert previews.preview_term(shop.plan, ada).starts_on == FIRST


def test_day_of_the_payment_may_be_named(shop, ada):
    shop.grant(ada)
    assert previews.preview_term(shop.plan, ada, LAST).starts_on == LAST + DAY
    assert previews.preview_term(shop.plan, ada, LAST + DAY).starts_on == LAST + DAY
    assert previews.preview_term(shop.plan, ada, LAST + 9 * DAY).starts_on == LAST + 9 * DAY


def test_purchase_behind_days_to_come_says_from_when_the_member_is_a_seller(shop, ada):
    shop.grant(ada, starts_on=date(2017, 3, 1))
    found = previews.preview_term(shop.plan, ada)
    assert days(found) == (date(2018, 3, 2), date(2019, 3, 1))
    assert found.seller_from == date(2017, 3, 1)


def test_member_who_is_a_seller_by_any_plan_needs_not_be_told(shop, ada, gold):
    shop.grant(ada, starts_on=date(2017, 3, 1))
    shop.grant(ada, gold)
    assert previews.preview_term(shop.plan, ada).seller_from is None


def test_purchase_that_begins_today_makes_a_seller_today(shop, ada, gold):
    shop.grant(ada, gold, starts_on=date(2017, 3, 1))
    found = previews.preview_term(shop.plan, ada)
    assert (found.starts_on, found.seller_from) == (FIRST, None)


def test_dispute_about_today_has_to_be_settled_not_waited_for(shop, ada):
    term = shop.grant(ada)
    shop.grant(ada, starts_on=LAST + DAY)
    ledger.suspend(term, reason="dispute")
    assert previews.preview_term(shop.plan, ada).seller_from is None


@pytest.mark.parametrize(
    ("way", "starts_on", "ends_on"),
    [
        ("today", FIRST, date(2017, 8, 3)),
        ("end", LAST + DAY, date(2018, 8, 4)),
        ("credit", FIRST, date(2017, 9, 12)),
    ],
)
def test_change_of_plan_has_days_of_its_own(shop, ada, gold, way, starts_on, ends_on):
    silver = shop.grant(ada).subscription
    ways = {"today": TODAY, "end": Change(silver, True), "credit": Change(silver, credit=40)}
    assert days(previews.preview_change(gold, ada, ways[way])) == (starts_on, ends_on)


def test_second_year_continues_and_the_first_does_not(shop, ada):
    assert not previews.continues(previews.preview_term(shop.plan, ada))
    first = shop.grant(ada)
    assert not previews.continues(first)
    assert previews.continues(previews.preview_term(shop.plan, ada))


def test_term_with_another_anchor_continues_only_what_is_there(shop, ada):
    term = shop.grant(ada)
    type(term).objects.filter(pk=term.pk).update(anchor=term.ends_on)  # as after a credit
    term.refresh_from_db()
    assert not previews.continues(term)
    before = shop.grant(ada, starts_on=date(2016, 2, 2))
    assert before.ends_on == date(2017, 2, 2)
    assert previews.continues(term)
    ledger.revoke(before, reason="refund")
    assert not previews.continues(term)

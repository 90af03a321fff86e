"""The ways from one plan to another, and the days that each of them gives."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from oscar_subscriptions import conf
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.plans import changes
from oscar_subscriptions.plans.changes import TODAY, Change

LAST_DAY = date(2018, 2, 3)


def credit(subscription, plan, today):
    """A policy of a shop: a day for each day that is left."""
    return (subscription.terms.latest("ends_on").ends_on - today).days


@pytest.fixture
def crediting(settings):
    settings.OSCAR_SUBSCRIPTIONS_CREDIT_POLICY = f"{__name__}.credit"


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)


@pytest.fixture
def ada(shop):
    return shop.make_user("ada")


@pytest.fixture
def silver(shop, ada):
    return shop.grant(ada).subscription


@pytest.fixture
def gold(shop):
    return shop.make_plan("Gold", grace_days=5)


def now(change, plan, earlier=()):
    return changes.span(change, plan.months, plan.grace_days, earlier)


def test_each_way_has_a_code_of_its_own_for_the_form(silver):
    ways = [TODAY, Change(silver, at_end=True), Change(silver, credit=3)]
    assert [way.code for way in ways] == ["today", f"end-{silver.pk}", f"now-{silver.pk}"]


def test_member_of_another_plan_begins_today_or_at_its_end(ada, silver, gold):
    assert changes.ways(ada, gold) == [TODAY, Change(silver, at_end=True)]


def test_shop_that_credits_offers_that_too(ada, silver, gold, crediting):
    ways = [TODAY, Change(silver, at_end=True), Change(silver, credit=365)]
    assert changes.ways(ada, gold) == ways


def test_same_plan_a_stranger_and_a_visitor_have_one_way(shop, ada, silver, gold):
    assert changes.ways(ada, shop.plan) == [TODAY]
    assert changes.ways(shop.make_user("bea"), gold) == [TODAY]
    assert changes.ways(AnonymousUser(), gold) == [TODAY]


@pytest.mark.parametrize("happens", ["over", "revoked", "suspended"])
def test_plan_of_which_nothing_is_left_is_no_way(
    ada, silver, gold, happens, time_machine, crediting
):
    term = silver.terms.get()
    if happens == "over":
        time_machine.move_to(f"{LAST_DAY + timedelta(days=1)} 12:00+01:00")
    if happens == "revoked":
        ledger.revoke(term, reason="refund")
    if happens == "suspended":
        ledger.suspend(term, reason="dispute")
    assert changes.ways(ada, gold) == [TODAY]
    assert changes.credit_for(silver, gold) == 0
    assert not changes.rest_of(silver).exists()


def test_nothing_is_credited_unless_the_shop_says_so(silver, gold):
    assert changes.credit_for(silver, gold) == 0
    assert changes.no_credit(silver, gold, conf.today()) == 0


def test_consent_is_to_the_change_with_the_credit_of_the_day_of_payment(
    shop, ada, silver, gold, crediting, time_machine
):
    ordered = shop.keep_consent(shop.make_order(ada, gold), gold, changes=silver)
    assert changes.of_consent(ordered) == Change(silver, credit=365)
    time_machine.move_to("2017-02-08 12:00+01:00")
    assert changes.of_consent(ordered) == Change(silver, credit=360)


def test_consent_to_the_end_is_credited_nothing(shop, ada, silver, gold, crediting):
    order = shop.make_order(ada, gold)
    ordered = shop.keep_consent(order, gold, changes=silver, at_end=True)
    assert changes.of_consent(ordered) == Change(silver, at_end=True)


def test_consent_to_no_change_is_none(shop, ada):
    assert changes.of_consent(None) == TODAY
    assert changes.of_consent(shop.keep_consent(shop.make_order(ada))) == TODAY


def test_change_at_the_end_begins_the_day_after_the_last(shop, ada, silver, gold):
    later = shop.grant(ada, starts_on=LAST_DAY + timedelta(days=1))
    span = now(Change(silver, at_end=True), gold)
    assert span.starts_on == span.anchor == later.ends_on + timedelta(days=1)
    assert span.covered_until == span.ends_on + timedelta(days=5)


def test_change_at_the_end_of_what_is_over_begins_today(silver, gold):
    ledger.revoke(silver.terms.get(), reason="refund")
    assert now(Change(silver, at_end=True), gold).starts_on == conf.today()


def test_credit_lengthens_the_term_that_begins_today(silver, gold):
    plain, longer = now(Change(silver), gold), now(Change(silver, credit=40), gold)
    assert longer.starts_on == plain.starts_on == conf.today()
    assert longer.ends_on == plain.ends_on + timedelta(days=40)


def test_earlier_term_of_the_new_plan_is_continued(shop, ada, gold):
    earlier = [shop.grant(ada, gold)]
    assert now(TODAY, gold, earlier).starts_on == LAST_DAY + timedelta(days=1)

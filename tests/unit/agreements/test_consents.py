"""A consent is kept with its order, with the conditions of that day."""

from datetime import UTC, date, datetime

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.agreements import consents
from oscar_subscriptions.plans.changes import Change

Consent = get_model("oscar_subscriptions", "Consent")


@pytest.fixture
def today(time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)


@pytest.fixture
def ada(shop, today):
    return shop.make_user("ada")


def keep(shop, ada, plan=None, *change, **options):
    plan = plan or shop.plan
    order = shop.make_order(ada, plan)
    consents.keep_consent(order, plan, ada, shop.terms_of_sale, *change, **options)
    return Consent.objects.get(order=order)


def test_consent_keeps_text_conditions_and_days(shop, ada):
    plan = shop.make_plan("Gold", months=6, listing_limit=5, grace_days=3)
    kept = keep(shop, ada, plan)
    type(plan).objects.update(months=1, listing_limit=1, grace_days=0)
    kept.refresh_from_db()
    assert (kept.plan, kept.terms_of_sale) == (plan, shop.terms_of_sale)
    assert (kept.months, kept.listing_limit, kept.grace_days) == (6, 5, 3)
    assert (kept.starts_on, kept.ends_on) == (date(2017, 2, 3), date(2017, 8, 3))
    assert (kept.changes, kept.at_end) == (None, False)


def test_consent_of_a_member_continues_what_runs(shop, ada):
    shop.grant(ada)
    kept = keep(shop, ada)
    assert (kept.starts_on, kept.ends_on) == (date(2018, 2, 4), date(2019, 2, 3))


def test_consent_to_a_change_keeps_from_where_and_when(shop, ada):
    silver = shop.grant(ada).subscription
    kept = keep(shop, ada, shop.make_plan("Gold"), Change(silver, at_end=True))
    assert (kept.changes, kept.at_end) == (silver, True)
    assert (kept.starts_on, kept.ends_on) == (date(2018, 2, 4), date(2019, 2, 4))


def test_consent_to_a_credited_change_counts_the_days(shop, ada):
    silver = shop.grant(ada).subscription
    kept = keep(shop, ada, shop.make_plan("Gold"), Change(silver, credit=40))
    assert (kept.starts_on, kept.ends_on) == (date(2017, 2, 3), date(2018, 3, 15))


def test_acceptance_is_of_now_or_of_the_day_on_which_the_member_clicked(shop, ada):
    assert keep(shop, ada).accepted_at == datetime(2017, 2, 3, 11, tzinfo=UTC)
    clicked = datetime(2016, 2, 3, 11, tzinfo=UTC)
    assert keep(shop, ada, accepted_at=clicked).accepted_at == clicked

"""A term begins: its row, its line in the journal, and what follows for its member."""

from datetime import date

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import journal, sellers, signals, terms
from oscar_subscriptions.fulfilment import ledger

OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Subscription = get_model("oscar_subscriptions", "Subscription")

SPAN = terms.Span(date(2017, 2, 3), date(2018, 2, 3), date(2018, 2, 8), date(2017, 2, 3))


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)


@pytest.fixture
def subscription(shop):
    ada = shop.make_user("ada", first_name="Ada", last_name="Martin")
    return Subscription.objects.create(user=ada, plan=shop.plan, member_email=ada.email)


@pytest.fixture
def start(subscription):
    """``start(**changes)``: begin a term that an operator gives."""

    def begin(span=SPAN, conditions=None, **changes):
        conditions = conditions or ledger.conditions_of(subscription.plan, months=12)
        values = {"kind": journal.TERM_GRANTED, "grant_reason": "kindness"}
        return ledger.add(subscription, span, conditions, **values | changes)

    return begin


def test_conditions_are_those_of_a_plan_a_consent_or_a_term(shop, start):
    plan = shop.make_plan("Gold", listing_limit=5, grace_days=2)
    expected = {"listing_limit": 5, "grace_days": 2, "months": 0}
    assert ledger.conditions_of(plan) == expected
    consent = shop.keep_consent(shop.make_order(shop.make_user(), plan), plan)
    assert ledger.conditions_of(consent, months=6) == expected | {"months": 6}
    assert ledger.conditions_of(start(conditions=expected)) == expected


def test_term_has_its_days_its_conditions_and_the_title_of_then(shop, start):
    term = start(conditions={"listing_limit": 5, "grace_days": 2, "months": 6})
    type(shop.plan.product).objects.filter(pk=shop.plan.product_id).update(title="Bronze")
    term.refresh_from_db()
    assert (term.span, term.plan_title) == (SPAN, "Silver")
    assert (term.listing_limit, term.grace_days, term.months) == (5, 2, 6)


def test_origin_of_the_term_may_name_another_title(shop, start):
    assert start(plan_title="Silver, as ordered").plan_title == "Silver, as ordered"


def test_journal_has_the_days_beside_the_facts_of_the_caller(shop, subscription, start):
    clerk = shop.make_user("clerk")
    term = start(reason="kindness", actor=clerk, detail={"order": "1"})
    line = subscription.journal.get()
    assert (line.kind, line.term, line.actor) == (journal.TERM_GRANTED, term, clerk)
    assert line.reason == "kindness"
    assert line.detail == {"order": "1", "from": "2017-02-03", "to": "2018-02-03"}


def test_member_is_a_seller_and_told_of_it_at_once(subscription, start):
    assert not sellers.is_seller(subscription.user)
    start()
    assert sellers.is_seller(subscription.user)
    assert sellers.get_seller(subscription.user) is not None
    assert OutboxMail.objects.filter(user=subscription.user).count() == 1


@pytest.mark.parametrize(("name", "kept"), [("Ada", "Ada Martin"), ("", "Before")])
def test_name_of_the_member_is_kept_and_never_lost(subscription, start, name, kept):
    subscription.member_name = "Before"
    subscription.save()
    subscription.user.first_name, subscription.user.last_name = name, name and "Martin"
    start()
    assert Subscription.objects.get().member_name == kept


def test_shop_hears_of_the_term_when_it_is_committed(start, commit, received):
    heard = received(signals.term_started)
    with commit():
        term = start()
        assert heard == []
    assert [one["term"] for one in heard] == [term]

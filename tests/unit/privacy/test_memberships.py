"""What the export says of subscriptions: terms, automatic renewal, history."""

import json
from datetime import date

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, journal, privacy
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.fulfilment import grants, handovers, ledger
from oscar_subscriptions.privacy import memberships, people

Term = get_model("oscar_subscriptions", "Term")

NOON = "2017-02-03T11:00:00+00:00"


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)


@pytest.fixture
def bought(shop, ada):
    """A year of Silver that is paid, with ten days of grace."""
    shop.plan.grace_days, shop.plan.listing_limit = 10, 5
    shop.plan.save()
    return fulfilment.order_paid(shop.make_order(ada)).term


def told(user):
    [subscription] = memberships.subscriptions(people.as_person(user))
    return subscription


def by_whom(user):
    return [(line["what"], line["by"]) for line in told(user)["journal"]]


def test_a_subscription_is_told_with_the_name_that_it_keeps(ada, bought):
    subscription = told(ada)
    assert (subscription["plan"], subscription["name"]) == ("Silver", "Ada Martin")
    assert (subscription["email"], subscription["created_at"]) == ("ada@example.com", NOON)


def test_a_paid_term_is_told_with_its_days_order_and_price(ada, bought):
    [term] = told(ada)["terms"]
    assert term == {
        "plan": "Silver",
        "first_day": "2017-02-03",
        "last_day": "2018-02-03",
        "last_day_of_grace": "2018-02-13",
        "listing_limit": 5,
        "order": bought.order_line.order.number,
        "price": "240.000",
        "currency": "EUR",
        "grant_reason": "",
        "revoked_at": None,
        "suspended_at": None,
        "created_at": NOON,
    }


def test_a_term_that_was_given_and_taken_back_is_told_too(shop, ada, boss):
    term = grants.grant(ada, shop.plan, reason="Outage", actor=boss)
    ledger.revoke(term, reason="By mistake", actor=boss)
    [told_term] = told(ada)["terms"]
    assert (told_term["order"], told_term["price"]) == (None, None)
    assert (told_term["grant_reason"], told_term["revoked_at"]) == ("Outage", NOON)


def test_the_history_says_member_shop_or_automatic_and_no_name(ada, bought, boss):
    subscription = bought.subscription
    journal.record(subscription, journal.REMINDERS_OFF, actor=ada)
    journal.record(subscription, journal.TERM_SUSPENDED, actor=boss, reason="Asked")
    assert by_whom(ada) == [
        ("term-started", "automatic"),
        ("reminders-off", "member"),
        ("term-suspended", "shop"),
    ]
    assert told(ada)["journal"][-1]["reason"] == "Asked"
    assert "Olga" not in json.dumps(told(ada))


def test_an_operator_with_the_name_of_the_member_is_the_shop(shop, ada, bought):
    namesake = shop.make_user("clerk", first_name="Ada", last_name="Martin")
    journal.record(bought.subscription, "note", actor=namesake)
    assert by_whom(ada)[-1] == ("note", "shop")


def test_who_did_it_is_known_by_the_signature_once_the_account_is_deleted(ada, bought, boss):
    for actor in (ada, boss):
        journal.record(bought.subscription, "note", actor=actor)
    before = by_whom(ada)
    ada.delete()
    person = privacy.find("ada@example.com", deleted=True)
    [subscription] = memberships.subscriptions(person)
    after = [(line["what"], line["by"]) for line in subscription["journal"]]
    assert after == [*before, ("account-deleted", "automatic")]


def test_a_handover_is_told_without_either_name(shop, ada, bought, boss):
    bea = shop.make_user("bea", first_name="Bea", last_name="Roy")
    handovers.hand_over(bought.subscription, bea, reason="Gift", actor=boss)
    for user, other in ((ada, "Roy"), (bea, "Martin")):
        [line] = [one for one in told(user)["journal"] if one["what"] == journal.HANDED_OVER]
        assert line["reason"] == "Gift"
        assert line["detail"].keys().isdisjoint({"from", "to"})
        assert other not in json.dumps(told(user))
    entry = bought.subscription.journal.get(kind=journal.HANDED_OVER)
    assert (entry.detail["from"], entry.detail["to"]) == ("Ada Martin", "Bea Roy")


def test_other_lines_keep_their_first_and_last_day(shop, ada, boss):
    term = grants.grant(ada, shop.plan, reason="Outage", actor=boss)
    [line] = told(ada)["journal"]
    assert line["detail"] == {"from": str(term.starts_on), "to": str(term.ends_on)}


def test_a_consent_is_told_with_each_renewal_that_was_announced(shop, ada, bought, boss):
    planned = shop.make_renewal(bought, problem="Card expired")
    [consent] = told(ada)["automatic_renewal"]
    assert (consent["text"], consent["terms_of_sale"]) == ("Renew it.", "2026-1")
    assert (consent["order"], consent["ended_at"], consent["ended_by"]) == (None, None, None)
    [announced] = consent["announced"]
    assert (announced["charged_from"], announced["status"]) == ("2018-01-27", "announced")
    assert (announced["price"], announced["problem"]) == ("240.000", "Card expired")
    assert planned.charge_on == date(2018, 1, 27)
    auto_renewal.switch_off(bought.subscription, reason="Asked", actor=boss)
    [consent] = told(ada)["automatic_renewal"]
    assert (consent["ended_at"], consent["ended_by"]) == (NOON, "shop")
    assert consent["end_reason"] == "Asked"


def test_a_suspended_term_says_since_when(ada, bought):
    Term.objects.update(suspended_at=timezone.now())
    assert told(ada)["terms"][0]["suspended_at"] == NOON

"""What is read of a member before and after an action."""

from datetime import timedelta

import pytest

from oscar_subscriptions import alerts, conf, fulfilment, privacy, sellers
from oscar_subscriptions.dashboard.actions import facts
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.mail import outbox


@pytest.fixture
def user(shop):
    return shop.make_user("ada", first_name="Ada", last_name="Martin")


@pytest.fixture
def person(user):
    return privacy.Person(user, user.email)


def test_a_member_without_anything(person):
    found = facts.take(person)
    assert found.name == "Ada Martin" and found.seller_until is None
    assert not (found.subscriptions or found.terms or found.services or found.mails)


def test_a_seller_with_a_term_and_services(shop, user, person):
    term = fulfilment.order_paid(shop.make_order(user)).term
    shop.make_service(sellers.get_seller(user))
    shop.make_service(sellers.get_seller(user), "Audit", is_public=False)
    alerts.raise_alert(alerts.REVERSAL, "re_1", order=term.order_line.order)
    mail = outbox.queue("granted", "term-1", user=user, context={"term": term.pk})
    found = facts.take(person)
    assert found.seller_until == term.covered_until
    assert list(found.services.values()) == ["Coaching"]
    assert [one.last_day for one in found.subscriptions.values()] == [term.ends_on]
    assert [one.validity for one in found.terms.values()] == ["valid"]
    assert len(found.alerts) == len(found.receipts) == 1
    assert mail.pk in found.mails


def test_days_that_do_not_count_are_no_last_day(shop, user, person):
    term = shop.grant(user)
    shop.grant(user, shop.make_plan("Gold"), starts_on=conf.today() - timedelta(days=500))
    ledger.suspend(term, reason="dispute")
    found = facts.take(person)
    assert {one.title: one.last_day for one in found.subscriptions.values()} == {
        "Silver": None,
        "Gold": None,
    }
    assert sorted(one.validity for one in found.terms.values()) == ["suspended", "valid"]


def test_a_closed_account_is_no_seller(shop, user, person):
    shop.grant(user)
    user.is_active = False
    assert facts.take(person).seller_until is None


def test_a_deleted_account_is_called_by_what_its_subscription_keeps(shop, user):
    term = fulfilment.order_paid(shop.make_order(user)).term
    user.delete()
    term.subscription.refresh_from_db()
    found = facts.take(privacy.Person(None, term.subscription.member_email))
    assert found.name == "Ada Martin" and len(found.terms) == 1

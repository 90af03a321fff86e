"""Until when and from when a member sells, as mails about a term say it."""

from datetime import date

import pytest

from oscar_subscriptions import conf, sellers
from oscar_subscriptions.fulfilment import term_notices
from oscar_subscriptions.mail.held_terms import HeldTerms


@pytest.fixture
def user(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    return shop.make_user(first_name="Ada")


@pytest.fixture
def term(shop, user):
    shop.plan.grace_days, shop.plan.listing_limit = 10, 5
    return shop.grant(user)


def membership(user):
    return term_notices.membership({"user": user, "held": HeldTerms.of(user)}, conf.today())


def test_standing_tells_the_last_day_of_grace_and_the_services(shop, user, term):
    facts = {"last_day": date(2018, 2, 13), "next_day": None, "has_services": False}
    assert membership(user) == facts
    shop.make_service(sellers.ensure_seller(user))
    assert membership(user) == facts | {"has_services": True}


def test_standing_tells_from_when_the_member_sells_again(shop, user):
    shop.grant(user, starts_on=date(2017, 3, 1))
    assert membership(user) == {
        "last_day": None,
        "next_day": date(2017, 3, 1),
        "has_services": False,
    }


def test_standing_promises_no_day_to_an_account_that_is_closed(shop, user, term):
    shop.make_service(sellers.ensure_seller(user))
    user.is_active = False
    user.save()
    facts = {"last_day": None, "next_day": None}
    assert membership(user) == facts | {"has_services": True}
    assert membership(None) == facts | {"has_services": False}

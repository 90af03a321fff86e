"""What a mail about an automatic renewal may speak of."""

import pytest

from oscar_subscriptions import conf
from oscar_subscriptions.agreements import auto_renewal_mails


@pytest.fixture
def user(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    return shop.make_user(first_name="Ada")


@pytest.fixture
def term(shop, user):
    shop.plan.grace_days, shop.plan.listing_limit = 10, 5
    return shop.grant(user)


def pay_url(planned):
    found = auto_renewal_mails.about_planned({}, {"planned": planned.pk}, conf.today())
    return found["pay_url"]


def test_a_renewal_that_waits_for_its_payment_says_where_it_is_paid(shop, user):
    order = shop.place_order(user)
    planned = shop.make_renewal(shop.grant(user), order=order)
    values = auto_renewal_mails.about_planned({}, {"planned": planned.pk}, conf.today())
    assert (values["planned"], values["plan"]) == (planned, shop.plan)
    assert values["pay_url"].startswith("https://shop.example/")
    assert order.number in values["pay_url"]


def test_a_renewal_that_can_t_be_paid_by_hand_has_no_address(shop, term):
    planned = shop.make_renewal(term)
    assert pay_url(planned) == ""
    planned.order = shop.make_order(term.subscription.user)  # nobody has begun its payment
    planned.save()
    assert pay_url(planned) == ""

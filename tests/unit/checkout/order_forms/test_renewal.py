"""Automatic renewal, offered with an order."""

from decimal import Decimal as D

import pytest
from oscar.core.prices import Price

from oscar_subscriptions.checkout.order_forms import (
    RenewalForm,
)


@pytest.fixture
def member(shop):
    return shop.make_user(first_name="Ada", last_name="Martin")


def total(gross="240.00"):
    return Price(currency="EUR", excl_tax=D(gross) / D("1.2"), incl_tax=D(gross))


def problems(form):
    return [problem for several in form.errors.values() for problem in several]


@pytest.fixture
def renewal(shop, member, settings):
    """``renewal(data)`` – the form of a shop that offers automatic renewal."""
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True

    def make(data=None, price="240.00"):
        return RenewalForm(data, plan=shop.plan, user=member, total=total(price))

    return make


def test_renewal_is_offered_and_never_ticked_beforehand(renewal):
    form = renewal()
    assert form.is_offered
    assert "240.00" in form.text
    assert "checked" not in str(form["auto_renewal"])


def test_an_order_goes_on_without_renewal(renewal):
    form = renewal({})
    assert form.is_valid()
    assert not form.is_wanted


def test_renewal_is_wanted_under_the_words_that_were_shown_and_no_others(renewal):
    form = renewal({"auto_renewal": "on", "shown_renewal": renewal().shown})
    assert form.is_valid()
    assert form.is_wanted
    [said] = problems(renewal({"auto_renewal": "on", "shown_renewal": "other"}))
    assert "conditions of automatic renewal have changed" in said


def test_renewal_is_not_offered_where_it_could_not_be_kept(shop, renewal):
    assert not renewal(price="0.00").is_offered
    shop.plan.months = 1
    assert not renewal().is_offered


def test_a_tick_where_nothing_is_offered_renews_nothing(renewal, settings):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = False
    form = renewal({"auto_renewal": "on"})
    assert form.is_valid()
    assert not form.is_wanted


def test_renewal_that_is_on_already_is_not_offered_again(shop, member, renewal):
    shop.make_renewal(shop.grant(member))
    form = renewal()
    assert form.is_on
    assert not form.is_offered

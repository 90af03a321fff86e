"""The price of a renewal today, the price that was paid last, and the problem if there is one."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.contrib.auth.models import AnonymousUser

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.mail.held_terms import HeldTerms
from oscar_subscriptions.plans import renewal_price


@pytest.fixture
def term(shop, member):
    """Paid: €240.00."""
    return fulfilment.order_paid(shop.make_order(member)).term


def reprice(shop, price):
    shop.plan.product.stockrecords.update(price=price)


def test_renewal_at_the_same_price_mentions_no_other(term):
    renewal = renewal_price.quote_renewal(term.subscription)
    assert (renewal.price.incl_tax, renewal.price.currency) == (240, "EUR")
    assert (renewal.paid_before, renewal.problem) == (None, "")


def test_renewal_at_another_price_names_the_term_that_was_paid(shop, term):
    reprice(shop, 250)
    renewal = renewal_price.quote_renewal(term.subscription)
    assert (renewal.price.incl_tax, renewal.paid_before) == (300, term)


def test_plan_without_a_price_is_compared_with_nothing(shop, term):
    shop.plan.product.stockrecords.all().delete()
    renewal = renewal_price.quote_renewal(term.subscription)
    assert (renewal.price.exists, renewal.paid_before) == (False, None)


def test_renewal_says_what_stands_in_its_way(term):
    ledger.suspend(term, reason="dispute")
    assert "“Silver” is suspended" in renewal_price.quote_renewal(term.subscription).problem


def paid_before(user, plan, price, currency):
    return renewal_price.paid_before(HeldTerms.of(user), plan, price, currency)


def test_last_term_that_was_paid_is_compared_whatever_was_given_since(shop, member, term):
    shop.grant(member, starts_on=term.ends_on + timedelta(days=1))
    assert paid_before(member, shop.plan, D(300), "EUR") == term
    assert paid_before(member, shop.plan, D(240), "EUR") is None


def test_same_number_in_another_currency_is_another_price(shop, member, term):
    assert paid_before(member, shop.plan, D(240), "USD") == term


def test_term_that_was_taken_back_was_not_paid(shop, member, term):
    ledger.revoke(term, reason="refund")
    assert paid_before(member, shop.plan, D(300), "EUR") is None


def test_nothing_was_paid_for_another_plan_or_by_somebody_else(shop, member, term):
    assert paid_before(member, shop.make_plan("Gold"), D(300), "EUR") is None
    assert paid_before(shop.make_user("bea"), shop.plan, D(300), "EUR") is None
    assert paid_before(AnonymousUser(), shop.plan, D(300), "EUR") is None
    assert paid_before(None, shop.plan, D(300), "EUR") is None


def test_newest_of_two_paid_terms_is_compared(shop, member, term, time_machine):
    reprice(shop, 250)
    time_machine.move_to(f"{conf.today() + timedelta(days=30)} 12:00+00:00")
    fulfilment.order_paid(shop.make_order(member))
    assert renewal_price.quote_renewal(term.subscription).paid_before is None

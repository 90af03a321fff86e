"""The words of automatic renewal name the plan, its length, its price and the notice."""

import pytest
from django.utils import translation
from oscar.core.prices import Price

from oscar_subscriptions.agreements import auto_renewal_wording


@pytest.fixture
def words(shop):
    """``words(**options)``: what a member agrees to at €240.00."""
    total = Price(currency="EUR", excl_tax=200, incl_tax=240)

    def agreement(*, with_order=True):
        return auto_renewal_wording.agreement(shop.plan, total, with_order=with_order)

    return agreement


def test_words_name_plan_length_price_and_notice(words):
    said = words()
    assert said.startswith("Renew “Silver” automatically for 12 months at a time")
    assert "today €240.00 incl. tax" in said
    assert "45 days before each payment" in said


@pytest.mark.parametrize(
    ("with_order", "means"),
    [
        (True, "from the payment method of this order."),
        (False, "from the payment method that is kept for you."),
    ],
)
def test_words_say_which_means_of_payment_is_charged(words, with_order, means):
    assert means in words(with_order=with_order)


def test_plan_of_one_month_is_renewed_for_one_month(shop, words):
    shop.plan.months = 1
    assert "automatically for 1 month at a time" in words()


def test_notice_of_the_shop_is_the_one_that_is_promised(words, settings):
    settings.OSCAR_SUBSCRIPTIONS_RENEWAL_NOTICE_DAYS = 31
    assert "31 days before each payment" in words()


def test_words_are_in_the_language_of_the_page(words):
    with translation.override("fr"):
        french = words()
    assert "12 mois" in french and "240,00" in french and "Renew" not in french


def test_digest_tells_one_wording_from_another(words):
    assert auto_renewal_wording.digest(words()) == auto_renewal_wording.digest(words())
    assert auto_renewal_wording.digest(words()) != auto_renewal_wording.digest(
        words(with_order=False)
    )
    assert auto_renewal_wording.digest("é").isascii()

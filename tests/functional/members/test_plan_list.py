"""Step 2 and 3 of the journey: the plans on sale, and what each would give today."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from oscar_subscriptions import conf, terms

URL = reverse("subscriptions:plan-list")


def day(value):
    return date_format(value, "DATE_FORMAT")


def test_visitor_sees_price_with_tax_and_exact_days(client, shop):
    page = client.get(URL).content.decode()
    last = terms.months_after(conf.today(), 12)
    assert "Silver" in page
    assert "€240.00" in page
    assert f"From {day(conf.today())} to {day(last)} inclusive" in page
    assert shop.plan.product.get_absolute_url() in page


def test_plans_that_are_not_on_sale_are_not_listed(client, shop):
    shop.make_plan("Retired", is_on_sale=False)
    shop.make_plan("Hidden", is_public=False)
    page = client.get(URL).content.decode()
    assert "Retired" not in page
    assert "Hidden" not in page


def test_plan_without_a_price_is_not_listed(client, shop):
    shop.make_plan("Unpriced").product.stockrecords.all().delete()
    assert "Unpriced" not in client.get(URL).content.decode()


def test_running_member_sees_the_day_to_which_the_year_extends(client, shop):
    user = shop.make_user()
    term = shop.grant(user, starts_on=conf.today() - timedelta(days=30))
    client.force_login(user)
    page = client.get(URL).content.decode()
    assert f"Extends your subscription to {day(terms.months_after(term.anchor, 24))}" in page
    assert f"starts on {day(term.ends_on + timedelta(days=1))}" in page


def test_lapsed_member_sees_a_year_from_today(client, shop):
    user = shop.make_user()
    shop.grant(user, starts_on=terms.months_after(conf.today(), -13))
    client.force_login(user)
    assert f"From {day(conf.today())} to" in client.get(URL).content.decode()


def test_listing_limit_is_said(client, shop):
    shop.make_plan("Bronze", listing_limit=3)
    page = client.get(URL).content.decode()
    assert "Up to 3 services in the shop" in page
    assert "As many services in the shop as you like" in page


def test_empty_shop_says_so(client, shop):
    shop.plan.delete()
    assert "No subscription is on sale" in client.get(URL).content.decode()


def test_page_is_french_for_a_french_browser(client, shop):
    page = client.get(URL, headers={"accept-language": "fr"}).content.decode()
    assert '<html lang="fr"' in page
    assert "240,00" in page


@pytest.mark.parametrize("signed_in", [False, True])
def test_queries_do_not_grow_with_plans(client, shop, django_assert_max_num_queries, signed_in):
    if signed_in:
        user = shop.make_user()
        shop.grant(user)
        client.force_login(user)
    for number in range(2):
        shop.make_plan(f"Plan {number}")
    client.get(URL)
    with django_assert_max_num_queries(100) as with_3:
        client.get(URL)
    for number in range(9):
        shop.make_plan(f"More {number}")
    with django_assert_max_num_queries(len(with_3)):
        client.get(URL)

"""The plans on sale, the member's own page, the terms of sale and the guide."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment, terms

MINE = reverse("subscriptions:my-subscription")
PLANS = reverse("subscriptions:plan-list")


def day(value):
    return date_format(value, "DATE_FORMAT")


# Steps 2 and 3 of the journey: what each plan would give today.


def test_visitor_sees_price_with_tax_and_exact_days(client, shop):
    page = client.get(PLANS).content.decode()
    last = terms.months_after(conf.today(), 12)
    assert "Silver" in page
    assert "€240.00" in page
    assert f"From {day(conf.today())} to {day(last)} inclusive" in page
    assert shop.plan.product.get_absolute_url() in page


def test_plans_that_are_not_on_sale_are_not_listed(client, shop):
    shop.make_plan("Retired", is_on_sale=False)
    shop.make_plan("Hidden", is_public=False)
    page = client.get(PLANS).content.decode()
    assert "Retired" not in page
    assert "Hidden" not in page


def test_plan_without_a_price_is_not_listed(client, shop):
    shop.make_plan("Unpriced").product.stockrecords.all().delete()
    assert "Unpriced" not in client.get(PLANS).content.decode()


def test_running_member_sees_the_day_to_which_the_year_extends(client, shop):
    user = shop.make_user()
    term = shop.grant(user, starts_on=conf.today() - timedelta(days=30))
    client.force_login(user)
    page = client.get(PLANS).content.decode()
    assert f"Extends your subscription to {day(terms.months_after(term.anchor, 24))}" in page
    assert f"starts on {day(term.ends_on + timedelta(days=1))}" in page


def test_lapsed_member_sees_a_year_from_today(client, shop):
    user = shop.make_user()
    shop.grant(user, starts_on=terms.months_after(conf.today(), -13))
    client.force_login(user)
    assert f"From {day(conf.today())} to" in client.get(PLANS).content.decode()


def test_listing_limit_is_said(client, shop):
    shop.make_plan("Bronze", listing_limit=3)
    page = client.get(PLANS).content.decode()
    assert "Up to 3 services in the shop" in page
    assert "As many services in the shop as you like" in page


def test_empty_shop_says_so(client, shop):
    shop.plan.delete()
    assert "No subscription is on sale" in client.get(PLANS).content.decode()


def test_page_is_french_for_a_french_browser(client, shop):
    page = client.get(PLANS, headers={"accept-language": "fr"}).content.decode()
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
    client.get(PLANS)
    with django_assert_max_num_queries(100) as with_3:
        client.get(PLANS)
    for number in range(9):
        shop.make_plan(f"More {number}")
    with django_assert_max_num_queries(len(with_3)):
        client.get(PLANS)


# The member's own page.


def open_page(client, user):
    client.force_login(user)
    return client.get(MINE).content.decode()


def test_visitor_is_led_to_sign_in_and_back(client, shop):
    assert client.get(MINE).headers["Location"] == f"{reverse('customer:login')}?next={MINE}"


def test_member_without_subscription(client, shop):
    page = open_page(client, shop.make_user())
    assert "You are not a seller at the moment" in page
    assert "You have not subscribed yet" in page


def test_active_term_with_its_order(client, shop):
    user = shop.make_user()
    order = shop.make_order(user)
    term = fulfilment.order_paid(order).term
    page = open_page(client, user)
    assert f"You are a seller until {day(term.ends_on)} inclusive" in page
    assert f"active until {day(term.ends_on)}" in page
    assert reverse("customer:order", kwargs={"order_number": order.number}) in page
    assert "€240.00 incl. tax" in page
    renew = reverse("subscriptions:renew", kwargs={"pk": term.subscription_id})
    assert f'action="{renew}"' in page


def test_unpaid_order_is_not_a_subscription(client, shop):
    user = shop.make_user()
    fulfilment.lock_for_checkout(user, shop.plan)
    page = open_page(client, user)
    assert "No term has begun" in page
    assert "You are not a seller at the moment" in page


def test_each_status_has_its_words(client, shop):
    user = shop.make_user()
    past = shop.grant(user, starts_on=terms.months_after(conf.today(), -14))
    revoked = shop.grant(user, starts_on=conf.today())
    revoked.revoked_at = timezone.now()
    revoked.save(update_fields=["revoked_at"])
    future = shop.grant(user, starts_on=conf.today() + timedelta(days=5))
    page = open_page(client, user)
    assert f"ended on {day(past.ends_on)}" in page
    assert 'data-status="revoked"' in page
    assert f"starts on {day(future.starts_on)}" in page
    # A revoked term never makes a seller.
    assert "You are not a seller at the moment" in page


def test_suspended_subscription_offers_no_renewal(client, shop):
    user = shop.make_user()
    term = shop.grant(user)
    term.suspended_at = timezone.now()
    term.save(update_fields=["suspended_at"])
    page = open_page(client, user)
    assert 'data-status="suspended"' in page
    assert "Renew" not in page


def test_suspended_year_that_is_over_does_not_hide_the_renewal_of_the_one_that_runs(client, shop):
    user = shop.make_user()
    shop.grant(user)
    old = shop.grant(user, starts_on=terms.months_after(conf.today(), -24))
    old.suspended_at = timezone.now()
    old.save(update_fields=["suspended_at"])
    page = open_page(client, user)
    assert 'data-status="suspended"' in page
    assert "Renew" in page


def test_grace_is_said(client, shop):
    shop.plan.grace_days = 10
    shop.plan.save()
    user = shop.make_user()
    term = shop.grant(user, starts_on=terms.months_after(conf.today() - timedelta(days=3), -12))
    page = open_page(client, user)
    assert f"in grace until {day(term.covered_until)}" in page


def test_retired_plan_offers_no_renewal(client, shop):
    user = shop.make_user()
    shop.grant(user)
    shop.plan.is_on_sale = False
    shop.plan.save()
    assert "Renew" not in open_page(client, user)


def test_other_members_terms_are_not_shown(client, shop):
    shop.grant(shop.make_user("other"))
    assert "You have not subscribed yet" in open_page(client, shop.make_user())


def test_queries_do_not_grow_with_terms(client, shop, django_assert_max_num_queries):
    user = shop.make_user()
    shop.grant(user)
    open_page(client, user)
    with django_assert_max_num_queries(100) as with_one:
        client.get(MINE)
    for number in range(1, 8):
        shop.grant(user, starts_on=terms.months_after(conf.today(), 24 * number))
        shop.grant(user, shop.make_plan(f"Plan {number}"))
    with django_assert_max_num_queries(len(with_one)):
        client.get(MINE)


# What anybody may read.


def test_terms_of_sale_in_the_visitors_language(client, shop):
    url = reverse("subscriptions:terms-of-sale")
    english = client.get(url).content.decode()
    assert "No refund during use." in english
    assert "Version 2026-1" in english
    french = client.get(url, headers={"accept-language": "fr"}).content.decode()
    assert "Pas de remboursement" in french


def test_terms_of_sale_are_plain_text(client, shop):
    get_model("oscar_subscriptions", "TermsOfSale").objects.create(
        language="en", version="2", text="First.\n\n<script>alert(1)</script>"
    )
    page = client.get(reverse("subscriptions:terms-of-sale")).content.decode()
    assert "<p>First.</p>" in page
    assert "&lt;script&gt;alert(1)" in page


def test_missing_terms_of_sale_are_said(client, shop):
    get_model("oscar_subscriptions", "TermsOfSale").objects.all().delete()
    response = client.get(reverse("subscriptions:terms-of-sale"))
    assert response.status_code == 404
    assert "No terms of sale are published yet" in response.content.decode()


def test_guide_is_public_and_leads_a_seller_on(client, shop):
    url = reverse("subscriptions:guide")
    assert reverse("subscriptions:plan-list") in client.get(url).content.decode()
    client.force_login(shop.make_seller().user)
    assert reverse("subscriptions:service-add") in client.get(url).content.decode()

"""Each question about the facts, asked in one place."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

Plan = get_model("oscar_subscriptions", "Plan")
Seller = get_model("oscar_subscriptions", "Seller")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")

FIRST, LAST = date(2017, 2, 3), date(2018, 2, 3)


@pytest.mark.parametrize("day", [FIRST - timedelta(1), FIRST, LAST, LAST + timedelta(1)])
def test_the_queryset_and_the_row_agree_on_who_is_covered(shop, day):
    term = shop.grant(shop.make_user(), starts_on=FIRST)
    covered = FIRST <= day <= LAST
    assert term.covers(day) is covered
    assert Term.objects.covering(day).exists() is covered
    shop.make_seller("other", starts_on=FIRST)
    assert Seller.objects.active(day).exists() is covered
    assert Seller.objects.lapsed(day).exists() is not covered


@pytest.mark.parametrize("field", ["revoked_at", "suspended_at"])
def test_a_revoked_or_suspended_term_covers_no_day(shop, field):
    term = shop.grant(shop.make_user(), starts_on=FIRST)
    setattr(term, field, timezone.now())
    term.save(update_fields=[field])
    assert not term.covers(FIRST)
    assert not Term.objects.covering(FIRST).exists()
    assert Term.objects.not_revoked().exists() is (field == "suspended_at")


def test_the_term_of_somebody_else_makes_no_seller_active(shop):
    seller = shop.make_seller("lapsed", starts_on=date(2016, 1, 1))
    shop.grant(shop.make_user(), starts_on=FIRST)
    assert list(Seller.objects.lapsed(FIRST + timedelta(1))) == [seller]


def test_a_seller_without_a_member_is_lapsed_even_beside_terms_without_a_member(shop):
    seller, other = shop.make_seller("gone", starts_on=FIRST), shop.make_user("gone-too")
    shop.grant(other, starts_on=FIRST)
    seller.user.delete()
    other.delete()
    assert list(Seller.objects.lapsed(FIRST)) == [Seller.objects.get()]


def test_plans_on_sale_are_those_that_can_be_bought(shop):
    shop.make_plan("Retired", is_on_sale=False)
    shop.make_plan("Hidden", is_public=False)
    assert list(Plan.objects.on_sale()) == [shop.plan]


def test_a_page_of_subscriptions_costs_the_same_for_one_and_for_many(
    shop, django_assert_num_queries
):
    user = shop.make_user()

    def page():
        for subscription in Subscription.objects.for_page():
            assert subscription.plan.title
            assert [term.order_line and term.order_line.order for term in subscription.terms.all()]

    shop.grant(user)
    with django_assert_num_queries(2):
        page()
    for number in range(3):
        shop.grant(user, shop.make_plan(f"Plan {number}"))
    with django_assert_num_queries(2):
        page()


def test_one_subscription_for_each_member_and_plan(shop):
    user = shop.make_user()
    first = Subscription.objects.locked_for(user, shop.plan)
    assert Subscription.objects.locked_for(user, shop.plan) == first
    assert Subscription.objects.locked_for(user, shop.make_plan("Gold")) != first
    assert Subscription.objects.locked_for(shop.make_user("other"), shop.plan) != first

"""The rules of buying a plan, asked at every door."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from oscar.apps.basket.abstract_models import AbstractBasket
from oscar.core.loading import get_class, get_model

from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.plans import eligibility

Basket = get_model("basket", "Basket")
Plan = get_model("oscar_subscriptions", "Plan")


@pytest.fixture
def member(shop):
    return shop.make_user()


def lines(user, *products, quantity=1):
    basket = Basket.objects.create(owner=user)
    basket.strategy = get_class("partner.strategy", "Selector")().strategy()
    for product in products:
        AbstractBasket.add_product(basket, product, quantity)  # as in a shop without our basket
    return basket.all_lines()


def test_one_plan_once_by_a_member_is_no_problem(shop, member):
    assert eligibility.problem_with_lines(lines(member, shop.plan.product), member) == ""


def test_baskets_without_a_plan_are_no_business_of_ours(shop, member):
    service = shop.make_service(shop.make_seller())
    assert eligibility.problem_with_lines(lines(member, service, quantity=7), member) == ""
    assert eligibility.problem_with_lines(lines(None, service), AnonymousUser()) == ""
    assert eligibility.problem_with_lines([], member) == ""


def test_fault_21_a_plan_is_bought_alone_and_once(shop, member):
    plan, gold = shop.plan.product, shop.make_plan("Gold").product
    service = shop.make_service(shop.make_seller())
    assert (
        eligibility.problem_with_lines(lines(member, plan, quantity=7), member)
        == eligibility.once()
    )
    assert eligibility.problem_with_lines(lines(member, plan, gold), member) == eligibility.alone()
    assert (
        eligibility.problem_with_lines(lines(member, plan, service), member) == eligibility.alone()
    )


def test_fault_22_a_plan_needs_a_member(shop):
    basket = lines(None, shop.plan.product)
    assert eligibility.problem_with_lines(basket, AnonymousUser()) == eligibility.sign_in()
    assert eligibility.problem_with_lines(basket, None) == eligibility.sign_in()


def not_on_sale(plan):
    Plan.objects.filter(pk=plan.pk).update(is_on_sale=False)


def hidden(plan):
    type(plan.product).objects.filter(pk=plan.product.pk).update(is_public=False)


@pytest.mark.parametrize("retire", [not_on_sale, hidden])
def test_a_retired_plan_in_a_basket_can_t_be_ordered(shop, member, retire):
    basket = lines(member, shop.plan.product)
    retire(shop.plan)
    assert "no longer on sale" in eligibility.problem_with_lines(basket, member)
    assert "no longer on sale" in eligibility.problem_with_plan(Plan.objects.get(), member)


def test_a_plan_without_a_price_can_t_be_bought(shop, member):
    shop.plan.product.stockrecords.all().delete()
    assert "can't be bought" in eligibility.problem_with_plan(shop.plan, member)


def test_dispute_about_a_year_that_is_over_does_not_keep_the_plan_from_being_renewed(
    shop, member, time_machine
):
    time_machine.move_to("2017-02-03 12:00+01:00")
    shop.plan.grace_days = 10
    shop.plan.save()
    ledger.suspend(shop.grant(member), reason="dispute")
    time_machine.move_to("2018-02-13 12:00+01:00")
    assert "suspended" in eligibility.problem_with_plan(shop.plan, member)
    time_machine.move_to("2018-02-14 12:00+01:00")
    assert eligibility.problem_with_plan(shop.plan, member) == ""


def test_a_plan_of_a_partner_that_a_customer_can_write_can_t_be_bought(shop, member):
    basket = lines(member, shop.plan.product)
    shop.vendor.users.add(member)
    basket[0].basket.strategy = shop.strategy(member)  # as each request has its own
    assert "can't be bought" in eligibility.problem_with_lines(basket, member)


def test_a_suspended_plan_can_t_be_bought_until_that_is_settled(shop, member):
    term = shop.grant(member)
    assert eligibility.problem_with_plan(shop.plan, member) == ""
    term.suspended_at = timezone.now()
    term.save(update_fields=["suspended_at"])
    assert "suspended" in eligibility.problem_with_plan(shop.plan, member)
    assert "suspended" in eligibility.problem_with_lines(lines(member, shop.plan.product), member)
    assert eligibility.problem_with_plan(shop.make_plan("Gold"), member) == ""
    assert eligibility.problem_with_plan(shop.plan, shop.make_user("other")) == ""
    assert eligibility.problem_with_plan(shop.plan, AnonymousUser()) == ""
    term.revoked_at = timezone.now()
    term.save(update_fields=["revoked_at"])
    assert eligibility.problem_with_plan(shop.plan, member) == ""


def test_fault_62_a_product_that_looks_like_a_plan_is_an_ordinary_product(shop):
    clone = shop.make_service(shop.make_seller(), shop.plan.title)
    clone.product_class = shop.product_class
    clone.save()
    assert eligibility.plan_for_product(clone) is None
    assert eligibility.plan_for_product(shop.plan.product) == shop.plan
    assert eligibility.plan_for_product(None) is None


def test_plans_are_found_in_one_query_however_many_lines(shop, member, django_assert_num_queries):
    products = [shop.make_plan(f"Plan {number}").product for number in range(5)]
    basket = lines(member, *products)[0].basket
    unread = list(basket.lines.all())
    with django_assert_num_queries(1):
        assert len(eligibility.plans_among(unread)) == 5
    # Our basket has read them with its lines.
    read = list(basket.all_lines())
    with django_assert_num_queries(0):
        assert len(eligibility.plans_among(read)) == 5
    with django_assert_num_queries(0):
        assert eligibility.plans_among([]) == {}

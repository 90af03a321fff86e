"""Why a member can't work in the member space today, and the way out."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf, sellers
from oscar_subscriptions.members.refusals import Refusal, explain

Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def user(shop):
    return shop.make_user()


def long_ago(shop, user, plan=None):
    return shop.grant(user, plan, starts_on=date(2017, 2, 3))


def stop(term, field):
    setattr(term, field, timezone.now())
    term.save(update_fields=[field])


def test_member_without_a_term_never_subscribed(user):
    assert explain(user) == Refusal("never")


def test_term_that_is_over_names_its_last_day_and_can_be_renewed(shop, user):
    term = long_ago(shop, user)
    assert explain(user) == Refusal("lapsed", 0, term.ends_on, term.subscription)


def test_plan_that_is_not_sold_any_more_can_t_be_renewed(shop, user):
    term = long_ago(shop, user)
    shop.plan.is_on_sale = False
    shop.plan.save()
    assert explain(user) == Refusal("lapsed", 0, term.ends_on, None)


def test_the_term_that_ended_last_is_the_one_to_renew(shop, user):
    later = shop.grant(user, shop.make_plan("Gold"), starts_on=date(2018, 6, 1))
    long_ago(shop, user)
    refusal = explain(user)
    assert (refusal.day, refusal.subscription) == (later.ends_on, later.subscription)


def test_terms_to_come_begin_with_the_first_of_them(shop, user):
    first = conf.today() + timedelta(days=2)
    shop.grant(user, shop.make_plan("Gold"), starts_on=first + timedelta(days=30))
    shop.grant(user, starts_on=first)
    assert explain(user) == Refusal("upcoming", day=first)


def test_frozen_term_is_the_reason_whatever_else_is_to_come(shop, user):
    stop(shop.grant(user), "suspended_at")
    shop.grant(user, starts_on=conf.today() + timedelta(days=400))
    assert explain(user) == Refusal("suspended")


def test_frozen_term_that_is_over_is_over(shop, user):
    stop(long_ago(shop, user), "suspended_at")
    assert explain(user).reason == "lapsed"


@pytest.mark.parametrize(("services", "reason"), [(0, "never"), (2, "lapsed")])
def test_term_that_was_taken_back_counts_for_nothing_but_services_are_kept(
    shop, user, services, reason
):
    stop(long_ago(shop, user), "revoked_at")
    seller = sellers.ensure_seller(user)
    for number in range(services):
        shop.make_service(seller, f"Service {number}", is_public=False)
    assert explain(user) == Refusal(reason, services)

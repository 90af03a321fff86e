"""Questions about a member's terms are answered as the database answers them, from one reading."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.mail.held_terms import HeldTerms

Term = get_model("oscar_subscriptions", "Term")

DAY = date(2017, 6, 1)


@pytest.fixture
def user(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    return shop.make_user()


def end(term, **fields):
    Term.objects.filter(pk=term.pk).update(**fields)


def test_a_deleted_account_holds_nothing():
    held = HeldTerms.of(None)
    assert (held.covering(DAY), held.seller_until(DAY), held.seller_from(DAY)) == ([], None, None)


def test_all_questions_together_are_one_query(shop, user, django_assert_num_queries):
    term = shop.grant(user)
    with django_assert_num_queries(1):
        held = HeldTerms.of(user)
        assert held.covering(DAY) == [term]
        assert held.seller_until(DAY) == term.covered_until
        assert held.seller_from(DAY) is None
        assert held.paid_last(shop.plan.pk) is None
        assert not held.is_suspended(shop.plan.pk, DAY)
        assert not held.goes_on(term)


@pytest.mark.parametrize("ended", ["revoked_at", "suspended_at"])
def test_what_does_not_count_covers_nothing(shop, user, ended):
    end(shop.grant(user), **{ended: timezone.now()})
    held = HeldTerms.of(user)
    assert held.covering(DAY) == [] and held.seller_until(DAY) is None
    assert held.is_suspended(shop.plan.pk, DAY) == (ended == "suspended_at")


def test_days_without_a_gap_are_added_up_over_all_plans(shop, user):
    shop.grant(user)
    shop.grant(user, shop.make_plan("Gold"), starts_on=date(2018, 1, 1))
    shop.grant(user, starts_on=date(2019, 1, 2))
    shop.grant(user, starts_on=date(2020, 1, 4))  # a day too late
    assert HeldTerms.of(user).seller_until(DAY) == date(2020, 1, 2)


def test_before_the_first_day_it_says_when_the_member_begins(shop, user):
    shop.grant(user, starts_on=date(2017, 7, 1))
    held = HeldTerms.of(user)
    assert (held.seller_until(DAY), held.seller_from(DAY)) == (None, date(2017, 7, 1))
    assert held.seller_from(date(2017, 7, 1)) is None
    assert held.seller_from(date(2019, 7, 1)) is None


def test_the_term_paid_last_is_of_the_plan_and_has_a_price(shop, user):
    first, second = shop.grant(user), shop.grant(user, starts_on=date(2018, 3, 1))
    end(first, price=240)
    held = HeldTerms.of(user)
    assert held.paid_last(shop.plan.pk) == first
    end(second, price=250)
    assert HeldTerms.of(user).paid_last(shop.plan.pk) == second
    assert held.paid_last(shop.make_plan("Gold").pk) is None


def test_a_suspended_term_counts_until_it_would_be_over(shop, user):
    term = shop.grant(user)
    end(term, suspended_at=timezone.now())
    held = HeldTerms.of(user)
    assert held.is_suspended(shop.plan.pk, term.covered_until)
    assert not held.is_suspended(shop.plan.pk, term.covered_until + date.resolution)
    assert not held.is_suspended(shop.make_plan("Gold").pk, DAY)


def test_a_term_goes_on_after_one_of_its_own_subscription(shop, user):
    term = shop.grant(user)
    next_day = term.ends_on + date.resolution
    following = shop.grant(user, starts_on=next_day)
    other = shop.grant(user, shop.make_plan("Gold"), starts_on=next_day)
    late = shop.grant(user, starts_on=date(2020, 1, 1))
    held = HeldTerms.of(user)
    assert [held.goes_on(one) for one in (term, following, other, late)] == [
        False,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(("method", "queries"), [("get", 1), ("head", 1), ("post", 2)])
def test_the_parts_of_a_page_share_one_query_unless_the_request_may_change_terms(
    shop, rf, django_assert_num_queries, method, queries
):
    request = getattr(rf, method)("/")
    request.user = shop.make_user("reader")
    with django_assert_num_queries(queries):
        for _ in range(2):
            assert HeldTerms.of_page(request, request.user).covering(conf.today()) == []


def test_a_page_does_not_take_the_terms_of_its_visitor_for_those_of_somebody_else(shop, rf):
    request = rf.get("/")
    request.user = shop.make_user("reader")
    other = shop.make_user("other")
    term = shop.grant(other)
    assert list(HeldTerms.of_page(request, request.user)) == []
    assert list(HeldTerms.of_page(request, other)) == [term]
    assert list(HeldTerms.of_page(None, other)) == [term]
    assert list(HeldTerms.of_page(request, AnonymousUser())) == []

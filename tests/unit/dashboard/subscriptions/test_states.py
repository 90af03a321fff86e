"""Where a subscription stands on a day: the first that holds, in SQL and in words."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions.dashboard.subscriptions import states

Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")

TODAY = date(2017, 6, 1)
ONE = timedelta(days=1)


@pytest.fixture
def subscription(shop):
    return Subscription.objects.create(user=shop.make_user(), plan=shop.plan)


def add(subscription, first, last, *, grace=0, **moments):
    """Add a term from ``first`` to ``last``, in days from today."""
    return Term.objects.create(
        subscription=subscription,
        grant_reason="test",
        plan_title="Silver",
        starts_on=TODAY + first * ONE,
        ends_on=TODAY + last * ONE,
        covered_until=TODAY + (last + grace) * ONE,
        anchor=TODAY + first * ONE,
        **dict.fromkeys(moments, timezone.now()),
    )


def seen():
    """Return the only subscription with its state, and what is said of it."""
    rows = states.with_state(Subscription.objects.prefetch_related("terms"), TODAY)
    subscription = rows.get()
    return subscription.state, states.in_words(subscription, TODAY)


def stand(subscription):
    state, status = seen()
    assert status.code == state
    return state, status.words


def test_without_a_term_it_was_ordered_and_not_paid(subscription):
    assert stand(subscription) == ("unpaid", "ordered, no term yet")


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (0, 0, ("active", "active until June 1, 2017")),
        (-9, 3, ("active", "active until June 4, 2017")),
        (1, 9, ("upcoming", "starts on June 2, 2017")),
        (-9, -1, ("grace", "in grace until June 4, 2017")),
        (-9, -4, ("grace", "in grace until June 1, 2017")),
        (-9, -5, ("lapsed", "ended on May 27, 2017")),
    ],
)
def test_state_of_one_term_depends_on_the_day(subscription, first, last, said):
    add(subscription, first, last, grace=4)
    assert stand(subscription) == said


def test_revoked_is_said_only_if_all_were_taken_back(subscription):
    add(subscription, -1, 9, revoked_at=True)
    assert stand(subscription) == ("revoked", "revoked")
    add(subscription, -90, -80)
    assert stand(subscription) == ("lapsed", "ended on March 13, 2017")


def test_frozen_term_is_said_unless_another_covers_today(subscription):
    add(subscription, -1, 9, suspended_at=True)
    add(subscription, 20, 30)
    assert stand(subscription) == ("suspended", "suspended")
    add(subscription, 0, 5)
    assert stand(subscription)[0] == "active"


def test_terms_that_follow_each_other_are_one_stretch_and_a_gap_ends_it(subscription):
    add(subscription, 10, 19)
    add(subscription, -5, 9)
    add(subscription, 21, 30)
    assert stand(subscription) == ("active", "active until June 20, 2017")
    assert states.chain_ends_on(subscription, TODAY) == TODAY + 19 * ONE


def test_term_that_does_not_count_is_a_gap(subscription):
    add(subscription, -5, 9)
    frozen = add(subscription, 10, 19, suspended_at=True)
    add(subscription, 20, 30)
    assert stand(subscription)[1] == "active until June 10, 2017"
    assert frozen.ends_on > states.chain_ends_on(subscription, TODAY)


def test_of_several_to_come_the_first_is_named_and_of_several_past_the_last(subscription):
    add(subscription, -90, -80)
    add(subscription, -60, -50)
    assert stand(subscription) == ("lapsed", "ended on April 12, 2017")
    add(subscription, 9, 12)
    add(subscription, 2, 5)
    assert stand(subscription) == ("upcoming", "starts on June 3, 2017")


def test_list_can_be_filtered_by_every_state_that_it_offers(shop, subscription):
    rows = states.with_state(Subscription.objects.all(), TODAY)
    assert {code: rows.filter(state=code).count() for code, _label in states.CHOICES} == {
        "active": 0,
        "grace": 0,
        "suspended": 0,
        "upcoming": 0,
        "lapsed": 0,
        "revoked": 0,
        "unpaid": 1,
    }

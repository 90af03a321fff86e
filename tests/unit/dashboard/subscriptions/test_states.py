"""Where a subscription stands on a day: the first that holds, in SQL and in words."""

from datetime import date, timedelta
from random import Random

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


def keys(state, rows=None):
    rows = Subscription.objects.all() if rows is None else rows
    return list(states.in_state(rows, state, TODAY).values_list("pk", flat=True))


def test_a_filter_finds_exactly_the_subscriptions_in_its_state_and_each_once(shop):
    # Any terms at all, many of which share a day with today.
    chance = Random(1)
    for number in range(150):
        row = Subscription.objects.create(plan=shop.plan, member_name=f"{number}")
        for _ in range(chance.randrange(4)):
            first = chance.randrange(-6, 6)
            moments = chance.choice([(), (), ("suspended_at",), ("revoked_at",)])
            grace = chance.randrange(3)
            last = first + chance.randrange(4)
            add(row, first, last, grace=grace, **dict.fromkeys(moments, True))
    expected = {}
    for row in states.with_state(Subscription.objects.all(), TODAY):
        expected.setdefault(row.state, []).append(row.pk)
    assert set(expected) == {code for code, _label in states.CHOICES}
    for code, found in expected.items():
        assert sorted(keys(code)) == found, code
    every = states.states_of(Subscription.objects.all(), TODAY)
    assert every == {key: code for code, found in expected.items() for key in found}


def test_a_filter_shows_first_what_entered_the_state_last_or_leaves_it_first(shop):
    def subscribe(number):
        return Subscription.objects.create(plan=shop.plan, member_name=f"{number}")

    days = {"lapsed": (-20, -10), "grace": (-20, -2), "upcoming": (2, 20)}
    for code, (first, last) in days.items():
        rows = [subscribe(number) for number in range(3)]
        for row, shift in zip(rows, (1, 0, 2), strict=True):
            if code == "upcoming":
                add(row, first + shift, last)
            else:
                add(row, first, last - shift, grace=5 if code == "grace" else 0)
        assert keys(code) == [rows[1].pk, rows[0].pk, rows[2].pk], code
    for code, field in (("suspended", "suspended_at"), ("revoked", "revoked_at")):
        rows = [subscribe(number) for number in range(3)]
        for row, shift in zip(rows, (1, 0, 2), strict=True):
            term = add(row, -1, 9, **{field: True})
            moment = timezone.now() - shift * ONE
            Term.objects.filter(pk=term.pk).update(**{field: moment})
        assert keys(code) == [rows[1].pk, rows[0].pk, rows[2].pk], code


def test_no_grace_is_too_long_to_be_found(subscription):
    add(subscription, -300, -100, grace=150)
    assert keys("grace") == [subscription.pk]

"""A step looks at what a date made due since its last run, and at the rest in turn."""

from datetime import date

import pytest
from django.contrib.sites.models import Site

from oscar_subscriptions import journal
from oscar_subscriptions.daily_run import turns

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, FRIDAY = date(2017, 2, 6), date(2017, 2, 7), date(2017, 2, 10)


@pytest.fixture
def rows():
    """Seven sites besides the one that a new database has."""
    Site.objects.bulk_create(Site(domain=f"{number}.example", name="new") for number in range(7))
    return Site.objects.filter(name="new")


def begin(rows, day=MONDAY, name="step"):
    return turns.begin(name, day, rows)


def test_before_its_first_run_a_step_knows_no_days_nor_what_is_news(rows, shop):
    turn = begin(rows)
    assert (turn.days, turn.since) == (None, None)
    journal.record(shop.grant(shop.make_user()).subscription, "test")
    assert len(turn.subscriptions_with_news()) == 1


@pytest.mark.parametrize(
    ("last", "day", "between"),
    [
        (MONDAY, TUESDAY, (MONDAY, TUESDAY)),
        (MONDAY, FRIDAY, (MONDAY, FRIDAY)),
        (MONDAY, MONDAY, (MONDAY, MONDAY)),
        # After a run for a later day: what it did ahead of time is to be taken back.
        (FRIDAY, MONDAY, (MONDAY, FRIDAY)),
    ],
)
def test_the_days_reach_from_the_last_run_to_this_one(rows, last, day, between):
    begin(rows, last).done()
    assert begin(rows, day).days == between


def test_steps_do_not_share_their_days_nor_their_turns(rows, monkeypatch):
    monkeypatch.setattr(turns, "IN_TURN", 2)
    begin(rows).done()
    other = begin(rows, name="other")
    assert other.days is None
    assert other.keys[0] == rows.order_by("pk").first().pk


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7])
def test_every_row_has_its_turn_as_often_as_any_other(rows, monkeypatch, size):
    monkeypatch.setattr(turns, "IN_TURN", size)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    seen = []
    for _ in range(len(keys)):
        turn = begin(rows)
        assert len(turn.keys) == len(set(turn.keys)) == size
        turn.done()
        seen += turn.keys
    assert sorted(seen) == sorted(keys * size)


def test_a_small_shop_is_looked_at_whole_in_every_run(rows):
    for _ in range(2):
        turn = begin(rows)
        assert sorted(turn.keys) == sorted(rows.values_list("pk", flat=True))
        turn.done()


def test_a_turn_that_was_not_done_comes_again(rows, monkeypatch):
    monkeypatch.setattr(turns, "IN_TURN", 3)
    assert begin(rows).keys == begin(rows).keys


def test_no_rows_have_no_turn():
    begin(Site.objects.none()).done()
    assert begin(Site.objects.none()).keys == []


def test_a_turn_costs_the_same_however_many_rows_there_are(
    rows, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(turns, "IN_TURN", 3)
    with django_assert_num_queries(2):
        begin(rows)


def test_news_is_what_was_written_since_the_last_run_and_a_little_before(rows, shop, time_machine):
    old, late, new = (shop.grant(shop.make_user(name)).subscription for name in ("a", "b", "c"))
    time_machine.move_to("2017-02-06 12:00Z", tick=False)
    journal.record(old, "test")
    time_machine.move_to("2017-02-07 11:30Z", tick=False)
    journal.record(late, "test")
    time_machine.move_to("2017-02-07 12:00Z", tick=False)
    turn = begin(rows, TUESDAY)
    # What is written while the run works is news to the next.
    time_machine.move_to("2017-02-07 15:00Z", tick=False)
    turn.done()
    journal.record(new, "test")
    found = begin(rows, TUESDAY).subscriptions_with_news()
    assert {row["subscription"] for row in found} == {late.pk, new.pk}


def test_services_that_the_run_has_moved_are_no_news(rows, shop):
    subscription = shop.grant(shop.make_user("a")).subscription
    for kind in (journal.LISTINGS_PARKED, journal.LISTINGS_RESTORED):
        journal.record(subscription, kind)
    assert not begin(rows).subscriptions_with_news()
    journal.record(subscription, journal.TERM_REVOKED)
    assert len(begin(rows).subscriptions_with_news()) == 1

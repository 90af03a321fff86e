"""A step looks at what a date made due since its last run, and at the rest in turn."""

from datetime import date

import pytest
from django.contrib.sites.models import Site

from oscar_subscriptions.daily_run import turns

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, FRIDAY = date(2017, 2, 6), date(2017, 2, 7), date(2017, 2, 10)


@pytest.fixture
def rows():
    """Seven sites besides the one that a new database has."""
    Site.objects.bulk_create(Site(domain=f"{number}.example", name="new") for number in range(7))
    return Site.objects.filter(name="new")


def test_before_its_first_run_a_step_knows_no_days():
    assert turns.days_since("step", MONDAY) is None


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
def test_the_days_reach_from_the_last_run_to_this_one(last, day, between):
    turns.done("step", last, [])
    assert turns.days_since("step", day) == between


def test_steps_do_not_share_their_days_nor_their_turns(rows):
    turns.done("step", MONDAY, turns.in_turn("step", rows)[:2])
    assert turns.days_since("other", TUESDAY) is None
    assert turns.in_turn("other", rows)[0] == rows.order_by("pk").first().pk


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7])
def test_every_row_has_its_turn_as_often_as_any_other(rows, monkeypatch, size):
    monkeypatch.setattr(turns, "IN_TURN", size)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    seen = []
    for _ in range(len(keys)):
        turn = turns.in_turn("step", rows)
        assert len(turn) == len(set(turn)) == size
        turns.done("step", MONDAY, turn)
        seen += turn
    assert sorted(seen) == sorted(keys * size)


def test_a_small_shop_is_looked_at_whole_in_every_run(rows):
    for _ in range(2):
        turn = turns.in_turn("step", rows)
        assert sorted(turn) == sorted(rows.values_list("pk", flat=True))
        turns.done("step", MONDAY, turn)


def test_a_turn_that_was_not_done_comes_again(rows, monkeypatch):
    monkeypatch.setattr(turns, "IN_TURN", 3)
    assert turns.in_turn("step", rows) == turns.in_turn("step", rows)


def test_no_rows_have_no_turn():
    turns.done("step", MONDAY, turns.in_turn("step", Site.objects.none()))
    assert turns.in_turn("step", Site.objects.none()) == []


def test_a_turn_costs_the_same_however_many_rows_there_are(
    rows, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(turns, "IN_TURN", 3)
    with django_assert_num_queries(2):
        turns.in_turn("step", rows)


def test_chunks_are_of_the_size_asked_for_and_in_order():
    assert list(turns.chunks(iter(range(5)), 2)) == [[0, 1], [2, 3], [4]]
    assert list(turns.chunks([], 2)) == []

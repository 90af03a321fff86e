"""Moments up to which something is done only ever move on."""

from datetime import UTC, datetime, timedelta

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.daily_run import checkpoints

NOON = datetime(2017, 2, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def test_what_never_moved_has_reached_nothing():
    assert checkpoints.reached("run") is None


@pytest.mark.parametrize(
    ("moments", "reached"),
    [
        ([NOON], NOON),
        ([NOON, NOON + HOUR], NOON + HOUR),
        ([NOON, NOON - HOUR], NOON),
        ([NOON, NOON], NOON),
    ],
)
def test_a_mark_moves_on_and_never_back(moments, reached):
    for moment in moments:
        checkpoints.reach("events", moment)
    assert checkpoints.reached("events") == reached


def test_marks_do_not_share_a_row():
    checkpoints.reach("events", NOON)
    checkpoints.reach("run", NOON + HOUR)
    assert checkpoints.reached("events") == NOON
    assert get_model("oscar_subscriptions", "Checkpoint").objects.count() == 2


def test_touch_is_this_moment_even_after_the_clock_was_set_back(time_machine):
    time_machine.move_to(NOON, tick=False)
    checkpoints.touch("run")
    time_machine.move_to(NOON - HOUR, tick=False)
    checkpoints.touch("run")
    assert checkpoints.reached("run") == NOON - HOUR

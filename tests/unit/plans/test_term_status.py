"""Where a term stands on a day, in words."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation

from oscar_subscriptions.plans.term_status import TermStatus, describe

FIRST, LAST = date(2017, 2, 3), date(2018, 2, 2)
ONE = timedelta(days=1)


def term(**moments):
    days = {"starts_on": FIRST, "ends_on": LAST, "covered_until": LAST + 10 * ONE}
    return SimpleNamespace(**days, **({"revoked_at": None, "suspended_at": None} | moments))


@pytest.mark.parametrize(
    ("today", "code", "words"),
    [
        (FIRST - ONE, "upcoming", "starts on Feb. 3, 2017"),
        (FIRST, "active", "active until Feb. 2, 2018"),
        (LAST, "active", "active until Feb. 2, 2018"),
        (LAST + ONE, "grace", "in grace until Feb. 12, 2018"),
        (LAST + 10 * ONE, "grace", "in grace until Feb. 12, 2018"),
        (LAST + 11 * ONE, "lapsed", "ended on Feb. 2, 2018"),
    ],
)
def test_status_changes_at_the_first_and_after_the_last_day(today, code, words):
    status = describe(term(), today)
    assert (status.code, status.words) == (code, words)


@pytest.mark.parametrize("today", [FIRST - ONE, FIRST, LAST + 11 * ONE])
def test_frozen_and_taken_back_come_before_any_day(today):
    assert describe(term(suspended_at=today), today) == TermStatus(
        "suspended", "suspended", "warning"
    )
    both = term(suspended_at=today, revoked_at=today)
    assert describe(both, today) == TermStatus("revoked", "revoked", "danger")


def test_the_day_is_written_in_the_active_language():
    with translation.override("fr"):
        assert "2 février 2018" in describe(term(), FIRST).words

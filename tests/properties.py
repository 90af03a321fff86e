"""What the property tests of lives share: the days they try, and what a year must be.

The same examples in every run; a failure prints the blob that plays it again.
"""

from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

DAY = timedelta(days=1)
steady = settings(
    derandomize=True,
    deadline=None,
    print_blob=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)

month_ends = st.builds(
    lambda year, month: date(year, month, monthrange(year, month)[1]),
    st.integers(2015, 2040),
    st.integers(1, 12),
)
any_day = st.dates(date(2015, 1, 1), date(2040, 12, 31)) | month_ends
waits = st.sampled_from([0, 1, 1, 9, 10, 11, 28, 31, 364, 365, 366, 367, 800])
lengths = st.sampled_from([1, 6, 12, 12, 24])
graces = st.sampled_from([0, 0, 1, 10, 27])


def months_later(day, months):
    """Written without the library that the code uses."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def check_year(term, months, today, before):
    """A purchase continues what covers today, or begins today; and has all its months."""
    covers = [one for one in before if one.covered_until >= today]
    if covers:
        assert term.starts_on == max(one.ends_on for one in before) + DAY
        assert term.anchor == max(before, key=lambda one: one.ends_on).anchor
        eve = term.starts_on - DAY
    else:
        assert term.starts_on == term.anchor == today
        eve = today
    assert term.ends_on >= months_later(eve, months)
    # Nor does the last day drift: it is the anchor's day of the month, if that month has one.
    month = months_later(term.ends_on.replace(day=1), 1) - DAY
    assert term.ends_on.day == min(term.anchor.day, month.day)


def check_apart(held):
    """No two terms share a day."""
    rows = sorted(held, key=lambda one: one.starts_on)
    for one, following in pairwise(rows):
        assert one.ends_on < following.starts_on, (one, following)

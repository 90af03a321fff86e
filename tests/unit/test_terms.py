"""The calendar: pure functions, so every promise is tried on forty years of any member's life."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_subscriptions import terms

DAY = timedelta(days=1)
FORTY_YEARS = timedelta(days=40 * 366)

month_ends = st.builds(
    lambda year, month: date(year, month, monthrange(year, month)[1]),
    st.integers(2000, 2060),
    st.integers(1, 12),
)
leap_days = st.sampled_from([date(year, 2, 29) for year in range(2000, 2061, 4)])
any_day = st.dates(date(2000, 1, 1), date(2060, 12, 31)) | month_ends | leap_days
lengths = st.sampled_from([1, 3, 12, 12, 12, 24])
graces = st.integers(0, 27)

# What a member does next, in days from the last day: positive before it, negative after.
renewals = st.tuples(st.just("buy"), st.integers(-400, 800), lengths)
extensions = st.tuples(st.just("extend"), st.integers(1, 400), st.just(0))
lives = st.lists(renewals | renewals | extensions, min_size=1, max_size=60)


def plus_months(day, months):
    """The same arithmetic written once more, without the library that the code uses."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def live(start, life, months, grace):
    """Yield (today, kind, earlier spans, new span) for each step of at most forty years."""
    spans, today = [], start
    first = terms.bought(today, months, grace)
    yield today, "buy", months, [], first
    spans.append(first)
    for kind, days, length in life:
        last = spans[-1]
        if last.ends_on - start > FORTY_YEARS:
            return
        if kind == "buy":
            today = max(today, last.ends_on - days * DAY)
            # The rows come back in any order; the arithmetic must not care.
            span = terms.bought(today, length, grace, reversed(spans))
        else:
            span = terms.extended(days, grace, last)
        yield today, kind, length, list(spans), span
        spans.append(span)


@given(any_day, lives, lengths, graces)
def test_no_gap_while_covered_and_no_overlap_ever(start, life, months, grace):
    for today, kind, _, earlier, span in live(start, life, months, grace):
        assert span.starts_on <= span.ends_on
        assert span.covered_until == span.ends_on + grace * DAY
        if not earlier:
            continue
        last = earlier[-1]
        assert span.starts_on > last.ends_on
        if kind == "extend" or last.covered_until >= today:
            assert span.starts_on == last.ends_on + DAY
        else:
            assert span.starts_on == today


@given(any_day, lives, lengths, graces)
def test_no_drift_the_last_day_is_the_anchor_plus_all_months_of_the_chain(
    start, life, months, grace
):
    anchor, total = start, 0
    for today, kind, length, earlier, span in live(start, life, months, grace):
        if kind == "extend":
            anchor, total = span.ends_on, 0
        else:
            if earlier and earlier[-1].covered_until < today:
                anchor, total = today, 0
            total += length
            assert span.ends_on == plus_months(anchor, total)
        assert span.anchor == anchor


@given(any_day, lives, lengths, graces)
def test_nobody_pays_for_days_without_access(start, life, months, grace):
    for today, kind, _, _, span in live(start, life, months, grace):
        if kind == "buy":
            assert span.covered_until >= today
            assert span.ends_on >= today


@given(any_day, st.integers(1, 36), lengths)
def test_months_between_undoes_months_after(anchor, count, length):
    months = count * length
    assert terms.months_between(anchor, terms.months_after(anchor, months)) == months


def test_a_year_runs_from_date_to_date():
    span = terms.bought(date(2017, 2, 3), 12, 0)
    assert span == terms.Span(
        starts_on=date(2017, 2, 3),
        ends_on=date(2018, 2, 3),
        covered_until=date(2018, 2, 3),
        anchor=date(2017, 2, 3),
    )


def chain(start, months, count):
    spans = [terms.bought(start, months, 0)]
    while len(spans) < count:
        spans.append(terms.bought(spans[-1].ends_on, months, 0, spans))
    return spans


def test_fault_41_a_chain_from_29_february_comes_back_to_the_29th_in_leap_years():
    assert [span.ends_on for span in chain(date(2024, 2, 29), 12, 8)] == [
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
        date(2029, 2, 28),
        date(2030, 2, 28),
        date(2031, 2, 28),
        date(2032, 2, 29),
    ]


def test_a_chain_from_the_31st_comes_back_to_the_31st():
    assert [span.ends_on for span in chain(date(2023, 1, 31), 1, 6)] == [
        date(2023, 2, 28),
        date(2023, 3, 31),
        date(2023, 4, 30),
        date(2023, 5, 31),
        date(2023, 6, 30),
        date(2023, 7, 31),
    ]


def test_an_early_renewal_loses_no_day():
    first = terms.bought(date(2017, 2, 3), 12, 0)
    second = terms.bought(date(2017, 6, 1), 12, 0, [first])
    assert (second.starts_on, second.ends_on) == (date(2018, 2, 4), date(2019, 2, 3))
    third = terms.bought(date(2017, 6, 1), 12, 0, [second, first])
    assert (third.starts_on, third.ends_on) == (date(2019, 2, 4), date(2020, 2, 3))


def test_a_renewal_on_the_last_day_continues_and_one_on_the_day_after_starts_anew():
    first = terms.bought(date(2017, 2, 3), 12, 0)
    on_time = terms.bought(date(2018, 2, 3), 12, 0, [first])
    late = terms.bought(date(2018, 2, 4), 12, 0, [first])
    assert (on_time.starts_on, on_time.ends_on) == (date(2018, 2, 4), date(2019, 2, 3))
    assert (late.starts_on, late.ends_on) == (date(2018, 2, 4), date(2019, 2, 4))


@pytest.mark.parametrize(
    ("paid_on", "starts_on", "ends_on"),
    [
        (date(2018, 2, 13), date(2018, 2, 4), date(2019, 2, 3)),
        (date(2018, 2, 14), date(2018, 2, 14), date(2019, 2, 14)),
    ],
    ids=["last day of grace", "day after grace"],
)
def test_within_grace_the_old_dates_go_on_and_after_it_today_counts(paid_on, starts_on, ends_on):
    first = terms.bought(date(2017, 2, 3), 12, 10)
    assert first.covered_until == date(2018, 2, 13)
    second = terms.bought(paid_on, 12, 10, [first])
    assert (second.starts_on, second.ends_on) == (starts_on, ends_on)


def test_extension_without_grace_does_not_end_the_longer_grace_of_the_year_before_it():
    first = terms.bought(date(2017, 2, 3), 12, 10)
    extra = terms.extended(1, 0, first)
    assert (extra.covered_until, first.covered_until) == (date(2018, 2, 4), date(2018, 2, 13))
    on_the_10th = terms.bought(date(2018, 2, 10), 12, 0, [first, extra])
    assert (on_the_10th.starts_on, on_the_10th.ends_on) == (date(2018, 2, 5), date(2019, 2, 4))
    given = terms.granted(date(2018, 2, 10), 3, 0, [first, extra])
    assert (given.starts_on, given.ends_on) == (date(2018, 2, 5), date(2018, 2, 7))
    assert terms.bought(date(2018, 2, 14), 12, 0, [first, extra]).starts_on == date(2018, 2, 14)


def test_the_year_after_an_extension_is_a_whole_year():
    first = terms.bought(date(2017, 2, 3), 12, 0)
    extra = terms.extended(10, 5, first)
    assert (extra.starts_on, extra.ends_on) == (date(2018, 2, 4), date(2018, 2, 13))
    assert extra.covered_until == date(2018, 2, 18)
    year = terms.bought(date(2018, 2, 10), 12, 0, [first, extra])
    assert (year.starts_on, year.ends_on) == (date(2018, 2, 14), date(2019, 2, 13))


def test_credit_lengthens_term_and_grace_and_the_next_year_is_a_whole_one():
    span = terms.Span(date(2017, 2, 3), date(2018, 2, 3), date(2018, 2, 8), date(2016, 2, 3))
    assert terms.with_credit(span, 0) == span
    for days in (1, 10):
        longer, more = terms.with_credit(span, days), timedelta(days=days)
        assert longer.starts_on == span.starts_on
        assert longer.ends_on == longer.anchor == span.ends_on + more
        assert longer.covered_until == span.covered_until + more


def test_negative_credit_is_an_error():
    with pytest.raises(ValueError, match="credit"):
        terms.with_credit(terms.bought(date(2017, 2, 3), 12, 0), -1)


def test_days_granted_without_an_earlier_term_begin_today():
    span = terms.granted(date(2017, 2, 3), 3, 2)
    assert (span.starts_on, span.ends_on) == (date(2017, 2, 3), date(2017, 2, 5))
    assert (span.covered_until, span.anchor) == (date(2017, 2, 7), date(2017, 2, 5))


def test_a_span_covers_its_first_day_its_last_day_and_its_grace():
    span = terms.bought(date(2017, 2, 3), 12, 2)
    assert not span.covers(date(2017, 2, 2))
    assert span.covers(date(2017, 2, 3))
    assert span.covers(date(2018, 2, 5))
    assert not span.covers(date(2018, 2, 6))


@pytest.mark.parametrize("months", [0, -12])
def test_a_purchase_without_months_is_an_error(months):
    with pytest.raises(ValueError, match="month"):
        terms.bought(date(2017, 2, 3), months, 0)


@pytest.mark.parametrize("days", [0, -1])
def test_an_extension_without_days_is_an_error(days):
    with pytest.raises(ValueError, match="day"):
        terms.extended(days, 0, terms.bought(date(2017, 2, 3), 12, 0))


def test_negative_grace_is_an_error():
    first = terms.bought(date(2017, 2, 3), 12, 0)
    with pytest.raises(ValueError, match="grace"):
        terms.bought(date(2017, 2, 3), 12, -1)
    with pytest.raises(ValueError, match="grace"):
        terms.extended(5, -1, first)

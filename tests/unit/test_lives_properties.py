"""The arithmetic of whole lives: no day is sold twice, no year is shortened, nothing drifts."""

from hypothesis import given, settings
from hypothesis import strategies as st

from oscar_subscriptions import terms
from tests.properties import DAY, any_day, check_apart, check_year, graces, lengths, steady, waits

purchases = st.tuples(st.just("buy"), lengths, graces)
gifts = st.tuples(st.just("grant"), st.integers(1, 400), graces)
credited = st.tuples(st.just("credit"), st.integers(0, 400), graces)
reversals = st.tuples(st.just("revoke"), st.integers(0, 9), graces)
returns = st.tuples(st.just("restore"), st.integers(0, 9), graces)
moves = purchases | purchases | gifts | credited | reversals | returns


@settings(steady, max_examples=300)
@given(any_day, st.lists(st.tuples(waits, moves), max_size=14))
def test_no_year_is_shortened_and_no_day_is_sold_twice(today, life):
    held, revoked = [], []
    for wait, (kind, number, grace) in life:
        today += wait * DAY
        before = list(held)
        if kind == "buy":
            held.append(terms.bought(today, number, grace, held))
            check_year(held[-1], number, today, before)
        elif kind == "credit":
            year = terms.bought(today, 12, grace, held)
            check_year(year, 12, today, before)
            held.append(terms.with_credit(year, number))
            assert (held[-1].ends_on - year.ends_on).days == number
            assert held[-1].anchor == (held[-1].ends_on if number else year.anchor)
        elif kind == "grant":
            held.append(terms.granted(today, number, grace, held))
            assert (held[-1].ends_on - held[-1].starts_on).days + 1 == number
        elif kind == "revoke" and held:
            revoked.append(held.pop(number % len(held)))
        elif kind == "restore" and revoked:
            back = revoked[number % len(revoked)]
            if not any(
                one.starts_on <= back.ends_on and back.starts_on <= one.ends_on for one in held
            ):
                held.append(revoked.pop(number % len(revoked)))
        check_apart(held)
        for one in held:
            assert one.anchor <= one.ends_on <= one.covered_until

"""Whole minor units, exactly, in every currency."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_subscriptions.payments.provider import money


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("240.00", "EUR", 24000),
        ("0.01", "eur", 1),
        ("0", "EUR", 0),
        ("120", "USD", 12000),
        ("5000", "JPY", 5000),
        ("5000.00", "jpy", 5000),
        ("12.340", "KWD", 12340),
        ("3700", "UGX", 370000),
        # The first and the last of each list.
        ("5000", "BIF", 5000),
        ("5000", "XPF", 5000),
        ("12.340", "BHD", 12340),
        ("12.340", "TND", 12340),
    ],
)
def test_fault_18_an_amount_in_minor_units(amount, currency, units):
    assert money.minor_units(D(amount), currency) == units
    assert money.major_units(units, currency) == D(amount)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("0.005", "EUR"), ("100.5", "JPY"), ("1.2345", "KWD"), ("12.345", "KWD")],
)
def test_fault_18_a_fraction_of_a_minor_unit_is_refused_not_rounded(amount, currency):
    with pytest.raises(ValueError, match=f"{currency} can't be charged exactly"):
        money.minor_units(D(amount), currency)


@pytest.mark.parametrize(
    ("amount", "currency"), [("1000.50", "UGX"), ("990.50", "ISK"), ("0.01", "isk")]
)
def test_fault_100_amounts_that_must_end_on_00_are_refused_otherwise(amount, currency):
    with pytest.raises(ValueError, match="can't be charged exactly"):
        money.minor_units(D(amount), currency)
    whole = D(amount).to_integral_value() + 1
    assert money.minor_units(whole, currency) == whole * 100


@given(st.integers(0, 10**12), st.sampled_from(["EUR", "JPY", "KWD", "XYZ"]))
def test_minor_units_and_back_is_the_same_amount(tens, currency):
    units = tens * 10  # what every currency can charge
    amount = D(units) / 10 ** money.decimals(currency)
    assert money.minor_units(amount, currency) == units

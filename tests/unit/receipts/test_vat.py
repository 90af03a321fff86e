"""The rate that an order does not keep is worked out from net amount and tax."""

from decimal import ROUND_HALF_UP
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_subscriptions.receipts import vat

RATES = ["2.1", "5.5", "7.7", "10", "19", "20", "21", "25.5"]


@given(
    net=st.decimals(min_value=20, max_value=100_000, places=2),
    percent=st.sampled_from([D(rate) for rate in RATES]),
)
def test_the_rate_of_any_price_is_found_again(net, percent):
    tax = (net * percent / 100).quantize(D("0.01"), ROUND_HALF_UP)
    assert str(vat.rate(net, tax)) == str(percent)


@pytest.mark.parametrize(
    ("net", "tax", "percent"),
    [
        ("0", "0", "0"),
        ("200.00", "0", "0"),
        ("134.00", "26.81", "20"),  # a discount was split, and a cent went astray
        ("2.00", "0.11", "5.5"),
        ("100.00", "12.34", "12.34"),
        ("0", "1.00", None),
    ],
)
def test_odd_amounts(net, tax, percent):
    found = vat.rate(D(net), D(tax))
    assert (None if found is None else str(found)) == percent


@pytest.mark.parametrize(
    ("currency", "net", "tax", "percent"),
    [
        ("JPY", "1001", "100", "10"),
        ("JPY", "101", "8", "8"),
        ("JPY", "833.33", "166.67", "20"),  # a shop that counts fractions of a yen
        ("EUR", "1001", "100", "9.99"),
        ("KWD", "12.34", "0.62", "5"),
    ],
)
def test_rate_in_a_currency_without_cents_is_as_round_as_its_amounts(currency, net, tax, percent):
    found = vat.rate(D(net), D(tax), vat.unit_of(currency))
    assert str(found) == percent


def parts(amounts, net, tax):
    pairs = [(D(one), D(other)) for one, other in amounts]
    found = vat.by_rate(pairs, D(net), D(tax))
    return [(part.rate and str(part.rate), str(part.net), str(part.tax)) for part in found]


def test_lines_of_one_rate_are_added_up_and_the_highest_comes_first():
    amounts = [("10.00", "0.55"), ("100.00", "20.00"), ("50.00", "10.00")]
    assert parts(amounts, "160.00", "30.55") == [
        ("20", "150.00", "30.00"),
        ("5.5", "10.00", "0.55"),
    ]


def test_an_untaxed_line_beside_a_taxed_one_is_a_part_of_its_own():
    assert parts([("10.00", "0.00"), ("100.00", "20.00")], "110.00", "20.00") == [
        ("20", "100.00", "20.00"),
        (D(0), "10.00", "0.00"),
    ]


def test_without_tax_there_is_nothing_to_say():
    assert parts([("100.00", "0.00")], "100.00", "0.00") == []


@pytest.mark.parametrize("amounts", [[("100.00", "19.00")], [("100.00", "20.00"), ("0", "1.00")]])
def test_lines_that_do_not_add_up_give_no_rate(amounts):
    assert parts(amounts, "100.00", "20.00") == [(None, "100.00", "20.00")]

"""The rate of a tax is the one that the strategy states, or none is named."""

from decimal import ROUND_HALF_UP
from decimal import Decimal as D
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_subscriptions.receipts import vat

RATES = [D(rate) for rate in ("2.1", "5.5", "7.7", "8.875", "10", "19", "20", "21", "25.5")]
money = st.decimals(min_value=20, max_value=100_000, places=2)


def parts(amounts, net, tax, stated="20", currency="EUR"):
    pairs = [(D(one), D(other)) for one, other in amounts]
    rate = None if stated is None else D(stated)
    found = vat.by_rate(pairs, D(net), D(tax), rate, vat.unit_of(currency))
    return [
        (None if part.rate is None else str(part.rate), str(part.net), str(part.tax))
        for part in found
    ]


def rate(net, tax, stated="20", currency="EUR"):
    """The rate named for an order of one line."""
    [(named, _, _)] = parts([(net, tax)], net, tax, stated, currency)
    return named


@given(net=money, percent=st.sampled_from(RATES))
def test_fault_98_rate_of_any_price_is_named_as_it_was_charged(net, percent):
    tax = (net * percent / 100).quantize(D("0.01"), ROUND_HALF_UP)
    assert rate(net, tax, percent) == str(percent)


@given(
    net=money,
    percent=st.sampled_from(RATES),
    share=st.decimals(min_value="0.02", max_value=1, places=4),
)
def test_fault_98_rate_is_named_whatever_a_voucher_takes_off(net, percent, share):
    """As Oscar splits a discount between net amount and tax, and rounds both."""
    gross = net + (net * percent / 100).quantize(D("0.01"), ROUND_HALF_UP)
    paid = (gross * share).quantize(D("0.01"))
    paid_net = (paid * net / gross).quantize(D("0.01"), ROUND_HALF_UP)
    assert rate(paid_net, paid - paid_net, percent) in (str(percent), "0")
    if paid_net > 1:
        assert rate(paid_net, paid - paid_net, percent) == str(percent)


@given(net=money, tax=money, percent=st.sampled_from(RATES))
def test_fault_98_rate_is_the_one_stated_or_none(net, tax, percent):
    assert rate(net, tax, percent) in (str(percent), None)
    assert rate(net, tax, None) is None


@pytest.mark.parametrize(
    ("currency", "net", "tax", "stated", "named"),
    [
        ("EUR", "14.99", "2.99", "20", "20"),  # 19.9 %, if worked out
        ("EUR", "100.00", "8.88", "8.875", "8.875"),  # 8.88 %
        ("EUR", "134.00", "26.81", "20.0000", "20"),
        ("EUR", "2.00", "0.11", "5.5", "5.5"),
        ("EUR", "100.00", "12.34", "20", None),  # the total was computed in another way
        ("EUR", "0", "1.00", "20", None),
        ("JPY", "1001", "100", "10", "10"),
        ("JPY", "833.33", "166.67", "20", "20"),  # a shop that counts fractions of a yen
        ("KWD", "12.34", "0.62", "5", "5"),
    ],
)
def test_fault_98_rates_of_odd_amounts(currency, net, tax, stated, named):
    assert rate(net, tax, stated, currency) == named


@pytest.mark.parametrize(
    ("fraction", "percent"),
    [
        (D("0.20"), "20"),
        (D("0.08875"), "8.875"),
        (D("0.1"), "10"),
        (0.055, "5.5"),
        (D(0), "0"),
        (None, None),
        (D(1) / 3, None),  # can't be kept exactly
        (D("-0.2"), None),
        (D(10), None),
    ],
)
def test_fault_98_rate_that_a_strategy_states(fraction, percent):
    strategy = SimpleNamespace(get_rate=lambda product, record: fraction)
    stated = vat.stated_rate(strategy, object(), None)
    assert (stated if stated is None else str(stated)) == percent


def test_strategy_without_get_rate_states_none():
    assert vat.stated_rate(object(), object(), None) is None


def test_lines_of_one_rate_are_added_up_and_the_highest_comes_first():
    amounts = [("100.00", "20.00"), ("10.00", "0.00"), ("50.00", "10.00")]
    assert parts(amounts, "160.00", "30.00") == [
        ("20", "150.00", "30.00"),
        ("0", "10.00", "0.00"),
    ]


def test_line_of_another_rate_is_a_part_without_rate_and_comes_last():
    amounts = [("10.00", "0.55"), ("100.00", "20.00"), ("5.00", "0.00")]
    assert parts(amounts, "115.00", "20.55") == [
        ("20", "100.00", "20.00"),
        ("0", "5.00", "0.00"),
        (None, "10.00", "0.55"),
    ]


def test_without_tax_there_is_nothing_to_say():
    assert parts([("100.00", "0.00")], "100.00", "0.00") == []


@pytest.mark.parametrize("amounts", [[("100.00", "19.00")], [("100.00", "20.00"), ("0", "1.00")]])
def test_lines_that_do_not_add_up_give_no_rate(amounts):
    assert parts(amounts, "100.00", "20.00") == [(None, "100.00", "20.00")]

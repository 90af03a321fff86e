"""The VAT of an order, by rate. Pure.

Oscar keeps the net and the gross amount of each line and not the rate, so the rate is worked out:
the roundest rate that gives the tax to the smallest unit of the currency. Amounts are in major
units.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision

CENT = Decimal("0.01")
# From the roundest rates to the finest, in per cent; several rates may give the same small tax.
STEPS = (Decimal("1"), Decimal("0.5"), Decimal("0.1"), Decimal("0.01"))
NEAR = Decimal("0.05")  # per cent


@dataclass(frozen=True)
class Part:
    """The amounts of an order that are taxed at one rate.

    Attributes:
        rate: in per cent; ``None`` if it is unknown.
        net: amount without tax.
        tax: the tax on it.
    """

    rate: Decimal | None
    net: Decimal
    tax: Decimal


def unit_of(currency: str) -> Decimal:
    """Return the unit to which taxes in ``currency`` (ISO 4217 code) are rounded: 0.01, or 1 for a
    currency without decimals.

    Never less than 0.01: Oscar keeps no third decimal.
    """
    return max(CENT, Decimal(1).scaleb(-get_currency_precision(currency)))


def rate(net: Decimal, tax: Decimal, unit: Decimal = CENT) -> Decimal | None:
    """Return the rate in per cent, without trailing zeros; ``None`` for tax on nothing.

    Args:
        net: amount without tax.
        tax: the tax on it, rounded to ``unit``.
        unit: see :func:`unit_of`.
    """
    if not net:
        return None if tax else Decimal(0)
    exact = tax * 100 / net
    for step in STEPS:
        candidate = (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step
        difference = abs(net * candidate / 100 - tax)
        # A discount that was split between net amount and tax may be off by one unit.
        if difference <= unit / 2 or (difference <= unit and abs(candidate - exact) <= NEAR):
            break
    return _plain(candidate)


def by_rate(
    amounts: Iterable[tuple[Decimal, Decimal]], net: Decimal, tax: Decimal, unit: Decimal = CENT
) -> list[Part]:
    """Return the tax of an order by rate, the highest first; an empty list without tax.

    Args:
        amounts: net amount and tax of each line.
        net: of the whole order.
        tax: of the whole order. If the taxes of the lines do not add up to it, the result is one
            part without a rate.
        unit: see :func:`unit_of`.
    """
    if not tax:
        return []
    parts: dict[Decimal | None, Part] = {}
    for line_net, line_tax in amounts:
        percent = rate(line_net, line_tax, unit)
        before = parts.get(percent, Part(percent, Decimal(0), Decimal(0)))
        parts[percent] = Part(percent, before.net + line_net, before.tax + line_tax)
    if sum(part.tax for part in parts.values()) != tax or None in parts:
        return [Part(None, net, tax)]
    return sorted(parts.values(), key=lambda part: part.rate or 0, reverse=True)


def _plain(number: Decimal) -> Decimal:
    """Return ``number`` as 20, not as 20.00 or 2E+1."""
    return number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()

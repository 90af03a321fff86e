"""The VAT of an order, by rate. Reads no rows and writes none.

Oscar keeps the net and the gross amount of each line and not the rate, and a rate worked out from
rounded amounts may be one that does not exist. So the rate is the one that the shop's strategy
states, if it agrees with the amounts; otherwise none is named. Amounts are in major units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from babel.numbers import get_currency_precision

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Product, StockRecord, Strategy

CENT = Decimal("0.01")
# How exactly ``Consent.tax_rate`` keeps a rate, in per cent, and what is too high for it.
FINEST, TOO_HIGH = Decimal("0.0001"), 1000


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


def stated_rate(
    strategy: Strategy, product: Product | None, record: StockRecord | None
) -> Decimal | None:
    """Return the rate in per cent at which ``strategy`` taxes ``product``; ``None`` if it states no
    rate, or one that can't be kept exactly, or if the product was deleted.

    Oscar's ``FixedRateTax`` states it with ``get_rate(product, stockrecord)``, as a fraction. A
    strategy that computes tax in another way can have that method too.
    """
    get_rate: Callable[[Product, StockRecord | None], Decimal | None] | None
    get_rate = getattr(strategy, "get_rate", None)
    if get_rate is None or product is None:
        return None
    fraction = get_rate(product, record)
    if fraction is None:
        return None
    percent = Decimal(str(fraction)) * 100
    is_kept = 0 <= percent < TOO_HIGH and percent == percent.quantize(FINEST)
    return _plain(percent) if is_kept else None


def by_rate(
    amounts: Iterable[tuple[Decimal, Decimal]],
    net: Decimal,
    tax: Decimal,
    stated: Decimal | None,
    unit: Decimal = CENT,
) -> list[Part]:
    """Return the tax of an order by rate, the highest first, what has an unknown rate last; an
    empty list without tax.

    Args:
        amounts: net amount and tax of each line.
        net: of the whole order.
        tax: of the whole order. If the taxes of the lines do not add up to it, the result is one
            part without a rate.
        stated: the rate that the strategy states for the plan, in per cent; ``None`` if unknown.
        unit: see :func:`unit_of`.
    """
    if not tax:
        return []
    parts: dict[Decimal | None, Part] = {}
    for line_net, line_tax in amounts:
        percent = _rate(line_net, line_tax, stated, unit)
        before = parts.get(percent, Part(percent, Decimal(0), Decimal(0)))
        parts[percent] = Part(percent, before.net + line_net, before.tax + line_tax)
    if sum(part.tax for part in parts.values()) != tax:
        return [Part(None, net, tax)]
    return sorted(
        parts.values(), key=lambda part: -1 if part.rate is None else part.rate, reverse=True
    )


def _rate(net: Decimal, tax: Decimal, stated: Decimal | None, unit: Decimal) -> Decimal | None:
    if not tax:
        return Decimal(0)
    # Net amount and tax are rounded, and a discount is split between them: each may be off by one
    # unit.
    if stated is not None and abs(net * stated / 100 - tax) <= 2 * unit:
        return _plain(stated)
    return None


def _plain(number: Decimal) -> Decimal:
    """Return ``number`` as 20, not as 20.00 or 2E+1."""
    return number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()

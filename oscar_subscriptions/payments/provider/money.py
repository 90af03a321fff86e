"""Money as a provider counts it: whole minor units. Pure."""

from decimal import Decimal

# Decimals of the currencies that do not have two (ISO 4217, as Stripe charges them:
# https://docs.stripe.com/currencies#zero-decimal and #three-decimal).
_ZERO = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD JOD KWD OMR TND"
_DECIMALS = dict.fromkeys(_ZERO.split(), 0) | dict.fromkeys(_THREE.split(), 3)

# Stripe counts these in hundredths although they have no decimals: amounts end on 00
# (https://docs.stripe.com/currencies#special-cases).
_COUNTED_IN_HUNDREDTHS = {"ISK", "UGX"}


def minor_units(amount: Decimal, currency: str) -> int:
    """Return ``amount`` in the minor units of ``currency``: cents, yen, fils.

    Args:
        amount: in major units, such as ``Decimal("120.00")``.
        currency: ISO 4217 code in any case.

    Raises:
        ValueError: the amount can't be charged exactly; amounts are never rounded.
    """
    places = decimals(currency)
    units = amount * Decimal(10) ** places
    # Stripe charges no single fils: three-decimal amounts end on a zero.
    step = 10 if places == 3 else 1
    if currency.upper() in _COUNTED_IN_HUNDREDTHS:
        step = 100
    if units != units.to_integral_value() or int(units) % step:
        raise ValueError(f"{amount} {currency.upper()} can't be charged exactly")
    return int(units)


def major_units(units: int, currency: str) -> Decimal:
    """Return ``units`` minor units of ``currency`` in major units."""
    return Decimal(units).scaleb(-decimals(currency))


def decimals(currency: str) -> int:
    """Return how many decimals Stripe counts for ``currency`` (ISO 4217 code in any case)."""
    code = currency.upper()
    return 2 if code in _COUNTED_IN_HUNDREDTHS else _DECIMALS.get(code, 2)

"""Amounts are integers in the currency's minor unit; how many digits that is depends on it."""

from decimal import Decimal

from .forms import words

ZERO_DECIMAL = words("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf")
THREE_DECIMAL = words("bhd jod kwd omr tnd")
SYMBOLS = {"eur": "€", "usd": "$", "gbp": "£", "jpy": "¥"}
# The smallest charge that Stripe accepts, in minor units, for the currencies of our tests.
MINIMUM = {"eur": 50, "usd": 50, "chf": 50, "gbp": 30, "jpy": 50}

NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"


def digits(currency):
    """Number of digits after the decimal mark: 0, 2 or 3."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def formatted(amount, currency, language="en"):
    """``amount`` minor units as people write it: ``€1,234.50`` or ``1 234,50 €``."""
    number = f"{Decimal(abs(amount)).scaleb(-digits(currency)):,f}"
    sign = "-" if amount < 0 else ""
    symbol = SYMBOLS.get(currency, currency.upper())
    if language == "fr":
        number = number.replace(",", NARROW_NO_BREAK).replace(".", ",")
        return f"{sign}{number}{NO_BREAK}{symbol}"
    gap = "" if currency in SYMBOLS else NO_BREAK
    return f"{sign}{symbol}{gap}{number}"

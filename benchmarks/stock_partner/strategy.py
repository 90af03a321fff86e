"""The sandbox's strategy without the extension's mixin."""

from decimal import Decimal as D
from typing import Any

from oscar.apps.partner import strategy


class FrenchStrategy(
    strategy.UseFirstStockRecord,
    strategy.StockRequired,
    strategy.FixedRateTax,
    strategy.Structured,
):
    """French VAT on everything."""

    rate = D("0.20")
    exponent = D("0.01")


class Selector:
    """Oscar asks this for the strategy of a request."""

    def strategy(self, request: Any = None, user: Any = None, **kwargs: Any) -> FrenchStrategy:
        """Return the same strategy for everybody."""
        return FrenchStrategy(request)

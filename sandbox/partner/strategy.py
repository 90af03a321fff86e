"""What things cost in the sandbox, and who may sell."""

from decimal import Decimal as D
from typing import Any

from oscar.apps.partner import strategy

from oscar_subscriptions.strategy import SubscriptionsStrategyMixin


class FrenchStrategy(
    SubscriptionsStrategyMixin,
    strategy.UseFirstStockRecord,
    strategy.StockRequired,
    strategy.FixedRateTax,
    strategy.Structured,
):
    """French VAT on everything; services of members who are not sellers today can't be bought."""

    rate = D("0.20")
    exponent = D("0.01")


class Selector:
    """Oscar asks this for the strategy of a request; ours is the same for everybody."""

    def strategy(self, request: Any = None, user: Any = None, **kwargs: Any) -> FrenchStrategy:
        return FrenchStrategy(request)

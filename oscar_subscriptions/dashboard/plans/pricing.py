"""What members will pay for a plan, asked of the shop's own strategy before anything is kept."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from oscar.templatetags.currency_filters import currency

from oscar_subscriptions import conf

CENT = Decimal("0.01")


class PriceRefusedError(Exception):
    """The plan can't be sold like that; nothing was written. The text says why.

    Attributes:
        field: the field of the form that it is about; ``None``: the whole.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def checked(product: Any, strategy: Any) -> Any:
    """Return the price of a saved ``product`` by the shop's strategy.

    Raises:
        PriceRefusedError: members could not pay it.
    """
    # A fresh row: what the strategy remembers of the product is from before.
    fresh = get_model("catalogue", "Product").objects.get(pk=product.pk)
    price = strategy.fetch_for_product(fresh).price
    if not price.exists:
        raise PriceRefusedError(_("The shop’s pricing gives no price for this plan."), "price")
    if price.is_tax_known:
        shown = currency(price.incl_tax, price.currency)
        if price.incl_tax <= 0 and not conf.settings.ALLOW_FREE:
            raise PriceRefusedError(
                _("With tax, members would pay %(price)s.") % {"price": shown}, "price"
            )
        if price.incl_tax != price.incl_tax.quantize(CENT):
            exact = {"price": f"{price.incl_tax.normalize():f}"}
            raise PriceRefusedError(
                _("With tax, members would pay %(price)s: not a whole number of cents.") % exact,
                "price",
            )
    return price


def announced(plan: Any, price: Any) -> str:
    """Message: what members pay for the plan that was just saved."""
    if price.is_tax_known:
        facts = {"plan": plan.title, "price": currency(price.incl_tax, price.currency)}
        return _("“%(plan)s” is saved. Members pay %(price)s incl. tax.") % facts
    facts = {"plan": plan.title, "price": currency(price.excl_tax, price.currency)}
    return _("“%(plan)s” is saved. Its price is %(price)s excl. tax.") % facts

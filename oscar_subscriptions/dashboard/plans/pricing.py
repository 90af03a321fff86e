"""The price of a plan by the shop's strategy, checked before anything is committed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from oscar.templatetags.currency_filters import currency

from oscar_subscriptions import conf
from oscar_subscriptions.gateway import get_gateway

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Plan, Price, Product, Strategy

CENT = Decimal("0.01")


class PriceRefusedError(Exception):
    """The shop gives no price that members could pay. The text says why, in the active language.

    Attributes:
        field: the field of the form at fault; ``None``: the form as a whole.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def checked(product: Product, strategy: Strategy) -> Price:
    """Return the price of a saved ``product`` by the shop's strategy.

    Raises:
        PriceRefusedError: members could not pay it.
    """
    # A fresh row: what the strategy cached on this one predates the change.
    fresh: Product = get_model("catalogue", "Product").objects.get(pk=product.pk)
    price: Price = strategy.fetch_for_product(fresh).price
    if not price.exists:
        raise PriceRefusedError(_("The shop’s pricing gives no price for this plan."), "price")
    if price.is_tax_known:
        shown: str = currency(price.incl_tax, price.currency)
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
        if not get_gateway().can_collect(price.incl_tax, price.currency):
            exact = {"price": f"{price.incl_tax:f}", "currency": price.currency}
            raise PriceRefusedError(
                _(
                    "With tax, members would pay %(price)s %(currency)s: an amount that can’t be "
                    "charged exactly in this currency."
                )
                % exact,
                "price",
            )
    return price


def saved_message(plan: Plan, price: Price) -> str:
    """Return the message after saving: what members pay for ``plan``."""
    if price.is_tax_known:
        facts = {"plan": plan.title, "price": currency(price.incl_tax, price.currency)}
        return _("“%(plan)s” is saved. Members pay %(price)s incl. tax.") % facts
    facts = {"plan": plan.title, "price": currency(price.excl_tax, price.currency)}
    return _("“%(plan)s” is saved. Its price is %(price)s excl. tax.") % facts

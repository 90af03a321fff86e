"""What can be bought today, for the shop's own pricing and availability strategy.

Put the mixin first among the bases of the shop's strategy::

    class Strategy(SubscriptionsStrategyMixin, UseFirstStockRecord, StockRequired, …): ...
"""

from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_class, get_model

from oscar_subscriptions import conf

Unavailable: Any = get_class("partner.availability", "Unavailable")


class _Closed(Unavailable):
    def is_purchase_permitted(self, quantity: int) -> tuple[bool, Any]:
        """Refuse with the reason; Oscar would say "unavailable"."""
        return False, self.message


class SellerLapsed(_Closed):
    """The seller of this service is not a seller today."""

    code = "unavailable"
    message = _("No longer offered")


class NotOnSale(_Closed):
    """This plan is not on sale, and not this visitor's to renew."""

    code = "unavailable"
    message = _("No longer on sale")


class SubscriptionsStrategyMixin:
    """Makes a lapsed seller's services and a retired plan unavailable, from that very day.

    Two queries for each request, whatever the number of products on the page. A plan that is off
    sale and a service that is not public, which no page lists, cost one more when they are asked
    for by their number.
    """

    def availability_policy(self, product: Any, stockrecord: Any) -> Any:
        """Return the shop's own availability, unless the terms say that it can't be bought."""
        if self._plans.get(product.pk) is False and product.pk not in self._renewable:
            return NotOnSale()
        if stockrecord is not None and self._is_closed(product, stockrecord.partner_id):
            return SellerLapsed()
        return super().availability_policy(product, stockrecord)  # type: ignore[misc]

    def _is_closed(self, product: Any, partner_id: int) -> bool:
        if product.is_public:
            return partner_id in self._closed_partners
        Seller = get_model("oscar_subscriptions", "Seller")
        return Seller.objects.filter(partner=partner_id).exists()

    @cached_property
    def _plans(self) -> dict[int, bool]:
        plans = get_model("oscar_subscriptions", "Plan").objects
        return {
            product: on_sale and public
            for product, on_sale, public in plans.values_list(
                "product", "is_on_sale", "product__is_public"
            )
        }

    @cached_property
    def _renewable(self) -> set[int]:
        # Asked only when a plan that is off sale is looked at. Oscar's own attribute; a strategy
        # without request knows no visitor.
        plans = get_model("oscar_subscriptions", "Plan").objects
        renewable = plans.renewable_by(getattr(self, "user", None))
        return set(renewable.values_list("product", flat=True))

    @cached_property
    def _closed_partners(self) -> set[int]:
        # Those that lapsed since the last run; it parks their services.
        lapsed = get_model("oscar_subscriptions", "Seller").objects.lapsed(conf.today())
        return set(lapsed.with_open_listings().values_list("partner", flat=True))

"""A mixin for the shop's strategy: plans and services that can't be bought today are unavailable.

Put the mixin first among the bases of the shop's strategy::

    class Strategy(SubscriptionsStrategyMixin, UseFirstStockRecord, StockRequired, …): ...
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_class

from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import offers

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Price, Product, StockRecord, User

    class _Base:
        """Oscar's strategy, as far as the mixin uses it."""

        request: object
        user: User | None

        def select_stockrecord(self, product: Product) -> StockRecord | None:
            raise NotImplementedError

        def pricing_policy(self, product: Product, stockrecord: StockRecord | None) -> Price:
            raise NotImplementedError

        def availability_policy(self, product: Product, stockrecord: StockRecord | None) -> object:
            raise NotImplementedError

else:
    _Base = object

Unavailable: Any = get_class("partner.availability", "Unavailable")
UnavailablePrice: type[Price] = get_class("partner.prices", "Unavailable")


class _Closed(Unavailable):
    def is_purchase_permitted(self, quantity: int) -> tuple[bool, str]:
        """Refuse with ``message``, where Oscar would say "unavailable"."""
        return False, self.message


class SellerLapsed(_Closed):
    """The seller of this service is not a seller today."""

    code = "unavailable"
    message = _("No longer offered")


class NotOnSale(_Closed):
    """This plan is not on sale, and this visitor may not renew it."""

    code = "unavailable"
    message = _("No longer on sale")


class SubscriptionsStrategyMixin(_Base):
    """Make lapsed sellers' services and retired plans unavailable, from that very day.

    A plan is sold from the shop's own stock record, even if a seller attached one to its product.
    One query for the stock records of a page, whatever their number: see ``plans.offers``. One more
    for a plan that is off sale.
    """

    # Read by ``vendors``: under any other strategy a plan with a foreign record is not sold.
    ignores_foreign_records = True

    def select_stockrecord(self, product: Product) -> StockRecord | None:
        """Return the record that the shop's own strategy selects, unless it is foreign."""
        record = super().select_stockrecord(product)
        if record is None or not self.offers[record].is_foreign:
            return record
        own = (r for r in product.stockrecords.all() if not self.offers[r].is_foreign)
        # Without an own record, the foreign one, which has no price and is unavailable: Oscar's
        # search index expects a record of every product that has any.
        return next(own, record)

    def pricing_policy(self, product: Product, stockrecord: StockRecord | None) -> Price:
        """Return the shop's own price; a foreign record has none."""
        if stockrecord is not None and self.offers[stockrecord].is_foreign:
            return UnavailablePrice()
        return super().pricing_policy(product, stockrecord)

    def availability_policy(self, product: Product, stockrecord: StockRecord | None) -> object:
        """Return the shop's own availability, unless plan or terms forbid the purchase."""
        if stockrecord is not None:
            offer = self.offers[stockrecord]
            is_retired = offer.is_retired and product.pk not in self._renewable
            if is_retired or offer.is_foreign:
                return NotOnSale()
            if offer.is_sellers and not (offer.is_open and product.is_public):
                return SellerLapsed()
        return super().availability_policy(product, stockrecord)

    @cached_property
    def offers(self) -> offers.Offers:
        """What the stock records of this request's page offer."""
        # ``request`` is Oscar's attribute; missing if the shop's strategy sets none.
        return offers.of_request(getattr(self, "request", None))

    @cached_property
    def _renewable(self) -> set[int]:
        # Read only for plans that are off sale. ``user`` is Oscar's attribute: ``None`` without a
        # request, missing if the shop's strategy sets none.
        user: User | None = getattr(self, "user", None)
        renewable = registered.Plan.objects.renewable_by(user)
        return set(renewable.values_list("product", flat=True))

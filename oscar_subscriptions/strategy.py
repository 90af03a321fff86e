"""What can be bought today, for the shop's own pricing and availability strategy.

Put the mixin first among the bases of the shop's strategy::

    class Strategy(SubscriptionsStrategyMixin, UseFirstStockRecord, StockRequired, …): ...
"""

from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_class

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import vendors

Unavailable: Any = get_class("partner.availability", "Unavailable")
UnavailablePrice: Any = get_class("partner.prices", "Unavailable")


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

    A plan is sold from the shop's own stock record, whatever a seller attached to its product.
    Two queries for each request, whatever the number of products on the page. A plan that is off
    sale and a service that is not public, which no page lists, cost one more when they are asked
    for by their number.
    """

    # Asked by ``vendors``: under any other strategy a plan with a foreign record is not sold.
    ignores_foreign_records = True

    def select_stockrecord(self, product: Any) -> Any | None:
        """Return the record that the shop's own strategy selects, unless a stranger wrote it."""
        record = super().select_stockrecord(product)  # type: ignore[misc]
        if record is None or not self._is_foreign(product, record):
            return record
        own = (r for r in product.stockrecords.all() if not self._is_foreign(product, r))
        # Without any, the stranger's, which has neither a price nor is available: Oscar's search
        # index expects a record where there is one.
        return next(own, record)

    def pricing_policy(self, product: Any, stockrecord: Any) -> Any:
        """Return the shop's own price; what a stranger wrote is none."""
        if stockrecord is not None and self._is_foreign(product, stockrecord):
            return UnavailablePrice()
        return super().pricing_policy(product, stockrecord)  # type: ignore[misc]

    def availability_policy(self, product: Any, stockrecord: Any) -> Any:
        """Return the shop's own availability, unless the terms say that it can't be bought."""
        if self._plans.get(product.pk) is False and product.pk not in self._renewable:
            return NotOnSale()
        if stockrecord is not None and self._is_foreign(product, stockrecord):
            return NotOnSale()
        if stockrecord is not None and self._is_closed(product, stockrecord.partner_id):
            return SellerLapsed()
        return super().availability_policy(product, stockrecord)  # type: ignore[misc]

    def _is_closed(self, product: Any, partner_id: int) -> bool:
        if product.is_public:
            return partner_id in self._closed_partners
        Seller = registered.Seller
        return Seller.objects.filter(partner=partner_id).exists()

    def _is_foreign(self, product: Any, record: Any) -> bool:
        return product.pk in self._contested and record.pk in self._foreign_records

    @cached_property
    def _plan_rows(self) -> list[tuple[int, bool, bool, bool]]:
        plans = registered.Plan.objects
        foreign = vendors.foreign_records().filter(product=OuterRef("product"))
        rows = plans.annotate(is_contested=Exists(foreign))
        return list(rows.values_list("product", "is_on_sale", "product__is_public", "is_contested"))

    @cached_property
    def _plans(self) -> dict[int, bool]:
        return {row[0]: row[1] and row[2] for row in self._plan_rows}

    @cached_property
    def _contested(self) -> set[int]:
        return {row[0] for row in self._plan_rows if row[3]}

    @cached_property
    def _foreign_records(self) -> set[int]:
        # Asked only where there are some, which the system checks report.
        return set(vendors.foreign_records().values_list("pk", flat=True))

    @cached_property
    def _renewable(self) -> set[int]:
        # Asked only when a plan that is off sale is looked at. Oscar's own attribute; a strategy
        # without request knows no visitor.
        plans = registered.Plan.objects
        renewable = plans.renewable_by(getattr(self, "user", None))
        return set(renewable.values_list("product", flat=True))

    @cached_property
    def _closed_partners(self) -> set[int]:
        # Those that lapsed since the last run; it parks their services.
        lapsed = registered.Seller.objects.lapsed(conf.today())
        return set(lapsed.with_open_listings().values_list("partner", flat=True))

"""A mixin for the shop's strategy: plans and services that can't be bought today are unavailable.

Put the mixin first among the bases of the shop's strategy::

    class Strategy(SubscriptionsStrategyMixin, UseFirstStockRecord, StockRequired, …): ...
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_class

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import vendors

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Price, Product, StockRecord, User

    class _Base:
        """Oscar's strategy, as far as the mixin uses it."""

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
    Two queries for each request, whatever the number of products on the page. One more for a plan
    that is off sale and for a service that is not public, which no page lists.
    """

    # Read by ``vendors``: under any other strategy a plan with a foreign record is not sold.
    ignores_foreign_records = True

    def select_stockrecord(self, product: Product) -> StockRecord | None:
        """Return the record that the shop's own strategy selects, unless it is foreign."""
        record = super().select_stockrecord(product)
        if record is None or not self._is_foreign(product, record):
            return record
        own = (r for r in product.stockrecords.all() if not self._is_foreign(product, r))
        # Without an own record, the foreign one, which has no price and is unavailable: Oscar's
        # search index expects a record of every product that has any.
        return next(own, record)

    def pricing_policy(self, product: Product, stockrecord: StockRecord | None) -> Price:
        """Return the shop's own price; a foreign record has none."""
        if stockrecord is not None and self._is_foreign(product, stockrecord):
            return UnavailablePrice()
        return super().pricing_policy(product, stockrecord)

    def availability_policy(self, product: Product, stockrecord: StockRecord | None) -> object:
        """Return the shop's own availability, unless plan or terms forbid the purchase."""
        if self._plans.get(product.pk) is False and product.pk not in self._renewable:
            return NotOnSale()
        if stockrecord is not None and self._is_foreign(product, stockrecord):
            return NotOnSale()
        if stockrecord is not None and self._is_closed(product, stockrecord.partner_id):
            return SellerLapsed()
        return super().availability_policy(product, stockrecord)

    def _is_closed(self, product: Product, partner_id: int) -> bool:
        if product.is_public:
            return partner_id in self._closed_partners
        return registered.Seller.objects.filter(partner=partner_id).exists()

    def _is_foreign(self, product: Product, record: StockRecord) -> bool:
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
        # Read only if there are any, which the system checks report.
        return set(vendors.foreign_records().values_list("pk", flat=True))

    @cached_property
    def _renewable(self) -> set[int]:
        # Read only for plans that are off sale. ``user`` is Oscar's attribute: ``None`` without a
        # request, missing if the shop's strategy sets none.
        user: User | None = getattr(self, "user", None)
        renewable = registered.Plan.objects.renewable_by(user)
        return set(renewable.values_list("product", flat=True))

    @cached_property
    def _closed_partners(self) -> set[int]:
        # Sellers that lapsed since the last run, which parks their services.
        lapsed = registered.Seller.objects.lapsed(conf.today())
        return set(lapsed.with_open_listings().values_list("partner", flat=True))

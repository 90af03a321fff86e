"""What staff have taken out of the shop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Product, Seller, TakeDown


class TakeDownQuerySet(models.QuerySet["TakeDown"]):
    """Take-downs."""

    def open(self) -> Self:
        """Those that are not lifted."""
        return self.filter(lifted_at__isnull=True)

    def of_service(self, product: Product) -> TakeDown | None:
        """Return what keeps ``product`` out of the shop, or ``None``."""
        return self.open().filter(product=product.pk).first()

    def of_page(self, seller: Seller) -> TakeDown | None:
        """Return what keeps the page of ``seller`` out of the shop, or ``None``."""
        return self.open().filter(seller=seller, product__isnull=True).first()

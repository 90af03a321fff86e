"""Which products sell a plan, for Oscar's catalogue dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from oscar_subscriptions.loading import registered

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Plan

LIST = "dashboard:catalogue-product-list"


def plan_sold_as(product_id: int | str | None) -> Plan | None:
    """Return the plan that the product or one of its variants sells, or ``None``."""
    plans = registered.Plan.objects.select_related("product")
    sold = Q(product=product_id) | Q(product__parent=product_id)
    return plans.filter(sold).first() if product_id is not None else None

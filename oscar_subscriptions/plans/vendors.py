"""Who sells plans: the partners that nobody but staff can write, and their stock records.

In Oscar's dashboard a partner user sets the price of his own stock records and the status of
orders that hold them. So the stock record of a partner with sellers on a plan's product is
*foreign*: its price is never charged, and the plan is sold from the shop's own record beside it.
"""

from typing import Any

from django.db.models import Exists, OuterRef
from oscar.core.loading import get_class, get_model

from oscar_subscriptions.loading import registered


def own() -> Any:
    """Return the partners that may sell plans, as a queryset by name."""
    return (
        get_model("partner", "Partner").objects.exclude(_written_by_others()).order_by("name", "pk")
    )


def with_sellers() -> Any:
    """Return the partners under which somebody other than staff can write, as a queryset."""
    return get_model("partner", "Partner").objects.filter(_written_by_others())


def has_sellers(partner: Any) -> bool:
    """Tell whether somebody other than staff can write under ``partner``."""
    return with_sellers().filter(pk=partner.pk).exists()


def foreign_records() -> Any:
    """Return the stock records on plans' products that are not the shop's own, as a queryset."""
    records = get_model("partner", "StockRecord").objects
    return records.filter(product__subscription_plan__isnull=False, partner__in=with_sellers())


def own_record(product: Any) -> Any | None:
    """Return the stock record from which the shop sells ``product``, or ``None``."""
    return product.stockrecords.exclude(partner__in=with_sellers()).order_by("pk").first()


def sold_by_the_shop(plan: Any) -> bool:
    """Tell whether ``plan`` is sold from a stock record of the shop's own, at the price of it."""
    return own_record(plan.product) is not None and not is_price_foreign(plan.product)


def is_price_foreign(product: Any) -> bool:
    """Tell whether the shop could charge for a plan's ``product`` what a stranger wrote.

    Not where the strategy ignores foreign records; any other may take whichever comes first.
    """
    return foreign_records().filter(product=product).exists() and not are_foreign_ignored()


def are_foreign_ignored() -> bool:
    """Tell whether the shop's strategy ignores foreign stock records, as our mixin does."""
    strategy = get_class("partner.strategy", "Selector")().strategy()
    return getattr(strategy, "ignores_foreign_records", False)


def _written_by_others() -> Any:
    users = get_model("partner", "Partner").users.through.objects
    strangers = users.filter(partner=OuterRef("pk"), user__is_staff=False)
    sellers = registered.Seller.objects.filter(partner=OuterRef("pk"))
    return Exists(strangers) | Exists(sellers)

"""What an operator does with plans: product, price and conditions together, or nothing."""

import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from oscar.core.loading import get_model
from oscar.core.utils import slugify

from oscar_subscriptions.dashboard.plans import new_vendor, pricing
from oscar_subscriptions.plans import vendors
from oscar_subscriptions.sellers import pictures, search_index

PRODUCT_CLASS = "Subscription"


def save(plan: Any, data: dict[str, Any], strategy: Any) -> Any:
    """Write a plan with its product and its price.

    Args:
        plan: ``instance`` of the valid plan form: a saved ``Plan``, or a new one without a product.
        data: ``cleaned_data`` of that form.
        strategy: the shop's strategy, asked what members will pay.

    Returns:
        The price by that strategy.

    Raises:
        pricing.PriceRefusedError: members could not pay the resulting price.
    """
    with transaction.atomic():
        product = _product(plan, data)
        _stock_record(product, data)
        _category(product, data)
        pictures.store(product, data)
        plan.product = product
        plan.save()
        price = pricing.checked(product, strategy)
        search_index.refresh([product])
    return price


def retire(plan: Any) -> None:
    """Take ``plan`` off sale. Whoever has subscribed, or ordered already, keeps what was bought."""
    _set_on_sale(plan, False)


def offer(plan: Any) -> None:
    """Put ``plan`` back on sale, and its product back into the shop."""
    with transaction.atomic():
        product = plan.product
        if not product.is_public:
            product.is_public = True
            product.save(update_fields=["is_public", "date_updated"])
        _set_on_sale(plan, True)


def _set_on_sale(plan: Any, on_sale: bool) -> None:
    with transaction.atomic():
        plan.is_on_sale = on_sale
        plan.save(update_fields=["is_on_sale"])
        search_index.refresh([plan.product])


def product_class() -> Any:
    """Return the product class of plans, made on first use: nothing to ship or to count."""
    ProductClass = get_model("catalogue", "ProductClass")
    wanted = {"name": PRODUCT_CLASS, "requires_shipping": False, "track_stock": False}
    # The name is not unique, so get_or_create could find two.
    found = ProductClass.objects.filter(**wanted).order_by("pk").first()
    return found or ProductClass.objects.create(**wanted)


def _product(plan: Any, data: dict[str, Any]) -> Any:
    if plan.product_id is None:
        return get_model("catalogue", "Product").objects.create(
            title=data["title"],
            slug=slugify(data["title"])[:255] or "plan",
            description=data["description"],
            product_class=product_class(),
        )
    product = plan.product
    product.title, product.description = data["title"], data["description"]
    # On sale means that it can be bought; a product that is hidden can't.
    product.is_public = product.is_public or plan.is_on_sale
    product.save(update_fields=["title", "description", "is_public", "date_updated"])
    return product


def _stock_record(product: Any, data: dict[str, Any]) -> None:
    vendor = data["vendor"] or new_vendor.create(data)
    record = vendors.own_record(product)
    if record is None:
        record = get_model("partner", "StockRecord")(
            product=product, price_currency=settings.OSCAR_DEFAULT_CURRENCY
        )
    if record.partner_id != vendor.pk:
        record.partner = vendor
        # Unique for each partner: another vendor may have used the number.
        record.partner_sku = f"plan-{uuid.uuid4().hex[:16]}"
    record.price = data["price"]
    record.save()


def _category(product: Any, data: dict[str, Any]) -> None:
    shown, chosen = first_category(product), data.get("category")
    if shown == chosen:
        return
    if shown is not None:
        product.categories.remove(shown)
    if chosen is not None:
        product.categories.add(chosen)


def first_category(product: Any) -> Any | None:
    """Return the category that the form shows; others that staff gave stay."""
    return product.categories.order_by("path").first()

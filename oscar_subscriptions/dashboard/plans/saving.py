"""Save plans, take them off sale and back: product, price and conditions, or nothing at all."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, TypedDict

from django.conf import settings
from django.db import transaction
from oscar.core.loading import get_model
from oscar.core.utils import slugify

from oscar_subscriptions.dashboard.plans import new_vendor, pricing
from oscar_subscriptions.plans import vendors
from oscar_subscriptions.sellers import pictures, search_index

if TYPE_CHECKING:
    from decimal import Decimal

    from django.core.files import File

    from oscar_subscriptions.protocols import Partner, Plan, Price, Product, StockRecord, Strategy
    from oscar_subscriptions.protocols.rows import Row

PRODUCT_CLASS = "Subscription"


class PlanData(TypedDict, total=False):
    """``cleaned_data`` of the plan form; fields that the form left out are missing.

    The conditions, ``months`` to ``is_renewable``, are written to the plan by the form itself.
    """

    title: str
    description: str  # safe HTML
    category: Row | None
    image: File[bytes] | None
    remove_image: bool
    price: Decimal  # major units of OSCAR_DEFAULT_CURRENCY, without tax
    vendor: Partner | None
    new_vendor: str
    line1: str
    postcode: str
    line4: str
    country: Row | None
    is_on_sale: bool


def save(plan: Plan, data: PlanData, strategy: Strategy) -> Price:
    """Write a plan with its product and its price.

    Args:
        plan: ``instance`` of the valid plan form: a saved ``Plan``, or a new one without a product.
        data: ``cleaned_data`` of that form.
        strategy: the shop's strategy.

    Returns:
        What members pay, by that strategy.

    Raises:
        pricing.PriceRefusedError: members could not pay the resulting price.
    """
    with transaction.atomic():
        product = _product(plan, data)
        _stock_record(product, data)
        _category(product, data)
        pictures.store(product, dict(data))
        plan.product = product
        plan.save()
        price = pricing.checked(product, strategy)
        search_index.refresh([product])
    return price


def retire(plan: Plan) -> None:
    """Take ``plan`` off sale. Subscriptions and orders stay as they are."""
    _set_on_sale(plan, False)


def offer(plan: Plan) -> None:
    """Put ``plan`` back on sale, and its product back into the shop."""
    with transaction.atomic():
        product: Product = plan.product
        if not product.is_public:
            product.is_public = True
            product.save(update_fields=["is_public", "date_updated"])
        _set_on_sale(plan, True)


def _set_on_sale(plan: Plan, on_sale: bool) -> None:
    with transaction.atomic():
        plan.is_on_sale = on_sale
        plan.save(update_fields=["is_on_sale"])
        search_index.refresh([plan.product])


def product_class() -> Row:
    """Return the product class of plans, without shipping or stock; created on first use."""
    ProductClass = get_model("catalogue", "ProductClass")
    wanted = {"name": PRODUCT_CLASS, "requires_shipping": False, "track_stock": False}
    # The name is not unique, so get_or_create could find two.
    found: Row | None = ProductClass.objects.filter(**wanted).order_by("pk").first()
    return found or ProductClass.objects.create(**wanted)


def _product(plan: Plan, data: PlanData) -> Product:
    if not plan.product_id:
        return get_model("catalogue", "Product").objects.create(
            title=data["title"],
            slug=slugify(data["title"])[:255] or "plan",
            description=data["description"],
            product_class=product_class(),
        )
    product: Product = plan.product
    product.title, product.description = data["title"], data["description"]
    # A plan on sale can be bought, so its product can't be hidden.
    product.is_public = product.is_public or plan.is_on_sale
    product.save(update_fields=["title", "description", "is_public", "date_updated"])
    return product


def _stock_record(product: Product, data: PlanData) -> None:
    vendor = data["vendor"] or new_vendor.create(data)
    record: StockRecord = vendors.own_record(product) or get_model("partner", "StockRecord")(
        product=product, price_currency=settings.OSCAR_DEFAULT_CURRENCY
    )
    if record.partner_id != vendor.pk:
        record.partner = vendor
        # Unique for each partner, and the new vendor may use the old number.
        record.partner_sku = f"plan-{uuid.uuid4().hex[:16]}"
    record.price = data["price"]
    record.save()


def _category(product: Product, data: PlanData) -> None:
    shown, chosen = first_category(product), data.get("category")
    if shown == chosen:
        return
    if shown is not None:
        product.categories.remove(shown)
    if chosen is not None:
        product.categories.add(chosen)


def first_category(product: Product) -> Row | None:
    """Return the one category that the form shows and changes; ``None`` if there is none."""
    return product.categories.order_by("path").first()

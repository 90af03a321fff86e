"""What a seller does with his services: each writes everything in one transaction, or nothing."""

import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from oscar.core.loading import get_model
from oscar.core.utils import slugify

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.members.forms import allowed_categories
from oscar_subscriptions.sellers import listings, parking, pictures, search_index
from oscar_subscriptions.transactions import locked


def add(seller: Any, data: dict[str, Any]) -> Any:
    """Put a new service into the shop and return its product.

    Args:
        seller: the ``Seller``.
        data: ``cleaned_data`` of the service form.

    Raises:
        parking.LimitReachedError: there is no room; nothing was written.
    """
    with transaction.atomic():
        _lock_with_room(seller)
        product = get_model("catalogue", "Product").objects.create(
            title=data["title"],
            # Oscar spells out other alphabets, several letters for one: longer than the column.
            slug=slugify(data["title"])[:255],
            description=data["description"],
            product_class=service_class(),
        )
        get_model("partner", "StockRecord").objects.create(
            product=product,
            partner=seller.partner,
            partner_sku=f"service-{uuid.uuid4().hex[:16]}",
            price_currency=settings.OSCAR_DEFAULT_CURRENCY,
            price=data["price"],
        )
        _set_category(product, data.get("category"))
        pictures.store(product, data)
        search_index.refresh([product])
    return product


def change(product: Any, seller: Any, data: dict[str, Any]) -> None:
    """Write a seller's changes to his service; arguments as in :func:`add`.

    Whether it is in the shop, and its address, stay as they are.
    """
    with transaction.atomic():
        product.title, product.description = data["title"], data["description"]
        product.save(update_fields=["title", "description", "date_updated"])
        record = product.stockrecords.filter(partner=seller.partner_id).order_by("pk").first()
        record.price = data["price"]
        record.save(update_fields=["price", "date_updated"])
        _set_category(product, data.get("category"))
        pictures.store(product, data)
        search_index.refresh([product])


def withdraw(product: Any, seller: Any) -> None:
    """Take a service out of the shop until its seller publishes it again."""
    parking.withdraw(seller, product)


def publish(product: Any, seller: Any) -> None:
    """Put a withdrawn service back into the shop.

    Raises:
        parking.LimitReachedError: there is no room; nothing was written.
    """
    with transaction.atomic():
        _lock_with_room(seller, besides=product)
        parking.unpark(product)
        parking.publish(product)


def service_class() -> Any:
    """Return the product class of services, made on first use: nothing to ship or to count."""
    ProductClass = get_model("catalogue", "ProductClass")
    name = conf.settings.SERVICE_PRODUCT_CLASS
    # The name is not unique, so get_or_create could find two.
    found = ProductClass.objects.filter(name=name).order_by("pk").first()
    return found or ProductClass.objects.create(
        name=name, requires_shipping=False, track_stock=False
    )


def _lock_with_room(seller: Any, besides: Any = None) -> None:
    # The seller's row is the lock: two tabs count one after the other.
    locked(registered.Seller, seller.pk)
    if besides is not None:
        besides.refresh_from_db(fields=["is_public"])
        if besides.is_public:
            return
    if listings.free_slots(seller) == 0:
        raise parking.LimitReachedError


def _set_category(product: Any, category: Any) -> None:
    if category is None:
        return
    # Categories that sellers can't choose were given by staff, and stay.
    chosen_before = product.categories.filter(pk__in=allowed_categories().values("pk"))
    product.categories.remove(*chosen_before.exclude(pk=category.pk))
    product.categories.add(category)

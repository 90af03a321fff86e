"""Add, change, withdraw and publish a service; each in one transaction."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from oscar.core.loading import get_model
from oscar.core.utils import slugify

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.members.forms import allowed_categories
from oscar_subscriptions.sellers import (
    listings,
    parking,
    pictures,
    search_index,
    take_downs,
    withdrawn,
)
from oscar_subscriptions.transactions import locked

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Product, Rows, Seller, StockRecord
    from oscar_subscriptions.protocols.rows import Row


def add(seller: Seller, data: dict[str, Any]) -> Product:
    """Put a new service into the shop and return its product.

    Args:
        data: ``cleaned_data`` of :class:`~oscar_subscriptions.members.forms.ServiceForm`.

    Raises:
        parking.LimitReachedError: the seller's limit is reached; nothing was written.
        withdrawn.TooManyWithdrawnError: so many are withdrawn already; nothing was written.
    """
    with transaction.atomic():
        _lock_with_room(seller)
        withdrawn.check(seller)
        product: Product = get_model("catalogue", "Product").objects.create(
            title=data["title"],
            # Oscar transliterates, with several letters for one: it may not fit the column.
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


def change(product: Product, seller: Seller, data: dict[str, Any]) -> None:
    """Write a seller's changes to their service; ``data`` as in :func:`add`.

    The service stays in or out of the shop, and its address does not change.
    """
    with transaction.atomic():
        product.title, product.description = data["title"], data["description"]
        product.save(update_fields=["title", "description", "date_updated"])
        own: Rows = product.stockrecords.filter(partner=seller.partner_id)
        record: StockRecord = own.order_by("pk").first()
        record.price = data["price"]
        record.save(update_fields=["price", "date_updated"])
        _set_category(product, data.get("category"))
        pictures.store(product, data)
        search_index.refresh([product])


def withdraw(product: Product, seller: Seller) -> None:
    """Take a service out of the shop until its seller publishes it again."""
    parking.withdraw(seller, product)


def publish(product: Product, seller: Seller) -> None:
    """Put a withdrawn service back into the shop.

    Raises:
        parking.LimitReachedError: the seller's limit is reached; nothing was written.
        take_downs.NotOfferedError: staff have taken it down; nothing was written.
    """
    with transaction.atomic():
        _lock_with_room(seller, besides=product)
        take_downs.check(product)
        parking.unpark(product)
        parking.publish(product)


def service_class() -> Row:
    """Return the product class of services, created on first use: no shipping, no stock."""
    classes: Rows = get_model("catalogue", "ProductClass").objects.all()
    name = conf.settings.SERVICE_PRODUCT_CLASS
    # The name is not unique, so get_or_create could find two.
    found: Row | None = classes.filter(name=name).order_by("pk").first()
    return found or classes.create(name=name, requires_shipping=False, track_stock=False)


def _lock_with_room(seller: Seller, besides: Product | None = None) -> None:
    assert transaction.get_connection().in_atomic_block
    # The seller's row is the lock: two tabs count one after the other.
    locked(registered.Seller, seller.pk)
    if besides is not None:
        besides.refresh_from_db(fields=["is_public"])
        if besides.is_public:
            return
    if listings.free_slots(seller) == 0:
        raise parking.LimitReachedError


def _set_category(product: Product, category: Row | None) -> None:
    if category is None:
        return
    # Categories that sellers can't choose were given by staff, and stay.
    chosen_before: Rows = product.categories.filter(pk__in=allowed_categories().values("pk"))
    product.categories.remove(*chosen_before.exclude(pk=category.pk))
    product.categories.add(category)

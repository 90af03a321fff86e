"""Sellers: their status, their services, and which of them are in the shop.

``status`` tells who is a seller, which follows from their terms and is never stored, and creates
their row. ``listings`` counts services, and
``withdrawn`` those kept out of the shop. ``parking`` takes the services of a lapsed seller, and
those above the plan's limit, out of the shop, and later brings them back: at once when a term
changes, by the daily run when one ends. ``html`` and ``pictures`` clean what sellers write and
upload.
"""

from oscar_subscriptions.sellers.status import (
    create_seller,
    ensure_seller,
    forget,
    get_seller,
    is_seller,
    listing_limit,
    public_name,
    seller_from,
    seller_until,
)

__all__ = [
    "create_seller",
    "ensure_seller",
    "forget",
    "get_seller",
    "is_seller",
    "listing_limit",
    "public_name",
    "seller_from",
    "seller_until",
]

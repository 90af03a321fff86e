"""Sellers: their status, their services, and which of them are in the shop.

``status`` asks who is a seller. ``listings`` counts services, ``parking`` takes those of a lapsed
seller out of the shop and brings them back; the daily run has it do so. ``html`` and ``pictures``
clean what sellers write and upload.
"""

from oscar_subscriptions.sellers.status import (
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
    "ensure_seller",
    "forget",
    "get_seller",
    "is_seller",
    "listing_limit",
    "public_name",
    "seller_from",
    "seller_until",
]

"""Sellers: their status, their services, and which of them are in the shop."""

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

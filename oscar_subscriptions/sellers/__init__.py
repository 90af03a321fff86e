"""Who is a seller, what they offer, and which of it is in the shop."""

from oscar_subscriptions.sellers.status import (
    display_name,
    ensure_seller,
    forget,
    get_seller,
    is_seller,
    last_day,
    listing_limit,
    next_day,
)

__all__ = [
    "display_name",
    "ensure_seller",
    "forget",
    "get_seller",
    "is_seller",
    "last_day",
    "listing_limit",
    "next_day",
]

"""Which row has which primary key, so that tasks find what they need without asking.

Member, subscription, seller and last term share one number, 1 to the size of the shop. Every fifth
member has lapsed. Every second one also has a term before the last. Every fiftieth has an order
that was cancelled.
"""

from __future__ import annotations

SHOP_PARTNER, BOOKSHOP = 1, 2
# A seller's partner is this plus the member's number.
PARTNER_BASE = 100
PLANS = (1, 2, 3)
# Ordinary products of the bookshop: odd ones are shipped, even ones are downloads.
ORDINARY_FIRST, ORDINARY_COUNT = 11, 1000
SERVICE_FIRST, SERVICES_EACH = 10_000, 3
# So many products at most: above, only a share of the sellers has services.
MOST_SELLERS_WITH_SERVICES = 100_000
GROUP = 1
CATEGORIES = 5


def is_lapsed(member: int) -> bool:
    """Return whether the member's last term is over."""
    return member % 5 == 0


def sellers_with_services(size: int) -> int:
    """Return up to which member sellers have services."""
    return min(size, MOST_SELLERS_WITH_SERVICES)


def first_service(member: int) -> int:
    """Return the primary key of the member's first service."""
    return SERVICE_FIRST + (member - 1) * SERVICES_EACH


def operator(size: int) -> int:
    """Return the primary key of the member of staff."""
    return size + 1


def download(number: int) -> int:
    """Return the primary key of an ordinary product that is not shipped."""
    return ORDINARY_FIRST + 1 + 2 * (number % (ORDINARY_COUNT // 2))


def book(number: int) -> int:
    """Return the primary key of an ordinary product that is shipped."""
    return ORDINARY_FIRST + 2 * (number % (ORDINARY_COUNT // 2))

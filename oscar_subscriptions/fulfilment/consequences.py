"""Consequences of a changed term for its member: seller and services."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction

from oscar_subscriptions import sellers
from oscar_subscriptions.sellers import parking

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import User

logger = logging.getLogger(__name__)


def apply_consequences(user: User) -> None:
    """Bring seller and services of ``user`` in line with their terms.

    Runs in a savepoint and raises nothing: whatever a shop's receiver or search engine raises, the
    term stands. The next daily run catches up with the services, and the next visit to the member
    space with the seller.
    """
    sellers.forget(user)
    is_seller = sellers.is_seller(user)
    try:
        with transaction.atomic():
            seller = sellers.get_seller(user)
            if seller is not None:
                parking.sync_listings(seller)
            elif is_seller:
                sellers.create_seller(user)  # who has no services yet
    except Exception:
        logger.exception("Services of %s not brought in line; the next run does it", user)
        parking.mark_due(user)

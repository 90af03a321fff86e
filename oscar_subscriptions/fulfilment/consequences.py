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

    The shop's own code runs in a savepoint, and nothing is raised: whatever a receiver or a search
    engine raises, the term stands. The next daily run catches up with the services, and the next
    visit to the member space with the seller.
    """
    sellers.forget(user)
    seller = sellers.get_seller(user)
    is_new = seller is None and sellers.is_seller(user)
    try:
        if is_new:
            sellers.create_seller(user)  # who has no services yet
        if seller is not None:
            with transaction.atomic():
                parking.sync_listings(seller)
    except Exception:
        logger.exception("Services of %s not brought in line; the next run does it", user)
        parking.mark_due(user)

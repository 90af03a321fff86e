"""What follows for a member when one of their terms changes: seller and services."""

import logging
from typing import Any

from django.db import transaction

from oscar_subscriptions import sellers
from oscar_subscriptions.sellers import parking

logger = logging.getLogger(__name__)


def apply_consequences(user: Any) -> None:
    """Bring seller and services of ``user`` in line with their terms.

    In a savepoint: whatever a shop's receiver or its search engine raises, the term stands. The
    daily run makes up for the services, and the next visit to the member space for the seller.
    """
    sellers.forget(user)
    is_seller = sellers.is_seller(user)
    try:
        with transaction.atomic():
            seller = sellers.ensure_seller(user) if is_seller else sellers.get_seller(user)
            if seller is not None:
                parking.sync_listings(seller)
    except Exception:
        logger.exception("Services of %s not brought in line; the next run does it", user)

"""Keep the shop's search index in step with what is in the shop.

Haystack's real-time processor updates an object that was saved, but does not remove one that merely
is no longer public; a parked service would still be found. So this package writes each of its own
changes to the index here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from oscar.core.loading import get_model

from oscar_subscriptions.sql.key_lists import among
from oscar_subscriptions.transactions import after_commit

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Product

logger = logging.getLogger(__name__)


def refresh(products: Iterable[Product]) -> None:
    """Write or remove ``products`` in every search index after commit: those that are browsable are
    written, the others removed."""
    refresh_keys([product.pk for product in products])


def refresh_keys(keys: list[int]) -> None:
    """As :func:`refresh`, for the products with these primary keys."""
    if keys:
        after_commit(_write, keys)


def _write(ids: list[int]) -> None:
    # Haystack reads its settings at import, and a shop without search does not install it.
    from django.apps import apps

    if not apps.is_installed("haystack"):
        return
    from haystack import connections
    from haystack.exceptions import NotHandled
    from haystack.utils import get_model_ct

    Product = get_model("catalogue", "Product")
    shown = list(Product.objects.browsable().filter(pk__in=among(ids)))
    hidden = set(ids) - {product.pk for product in shown}
    for alias in connections.connections_info:
        unified_index = connections[alias].get_unified_index()
        try:
            index = unified_index.get_index(Product)
        except NotHandled:
            continue
        backend = connections[alias].get_backend()
        wanted = [product for product in shown if index.should_update(product)]
        if wanted:
            backend.update(index, wanted)
        for pk in hidden:
            backend.remove(f"{get_model_ct(Product)}.{pk}")

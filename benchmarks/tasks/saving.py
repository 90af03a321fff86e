"""Saving a product."""

from __future__ import annotations

from oscar.core.loading import get_model

from benchmarks import meter
from benchmarks.seeding import layout

PRODUCTS = {
    "a product of the shop": layout.download(0),
    "a seller's service": layout.first_service(3),
    "a plan's product": layout.PLANS[0],
}


def statements(name: str, fields: list[str] | None = None) -> int:
    """Return how many statements ``save`` asks; ``fields``: ``update_fields``."""
    product = get_model("catalogue", "Product").objects.get(pk=PRODUCTS[name])
    product.save()
    with meter.statements() as found:
        product.save(update_fields=fields)
    return len(found.data)


def cost(name: str, times: int) -> dict[str, float]:
    """Return the CPU of one ``save``, on average of ``times``."""
    product = get_model("catalogue", "Product").objects.get(pk=PRODUCTS[name])
    return meter.timed(product.save, times)

"""What the index holds of a product, besides what Oscar puts there: shelf and seller, to choose by.

The words that are searched come from the extension's ``item_text.txt``.
"""

from typing import Any

from haystack import indexes

# The module, not the class: Haystack indexes with every class that it finds here.
from oscar.apps.search import search_indexes

from shop.search import whole_value


class ProductIndex(search_indexes.ProductIndex):
    """Takes the place of Oscar's (see ``EXCLUDED_INDEXES`` in the settings)."""

    product_class = indexes.CharField(null=True, analyzer=whole_value())
    category_name = indexes.CharField(null=True, analyzer=whole_value())
    seller = indexes.CharField(null=True, analyzer=whole_value())

    def read_queryset(self, using: str | None = None) -> Any:
        # With what the shop's product cards show.
        return with_sellers(super().read_queryset(using))

    def prepare(self, product: Any) -> dict[str, Any]:
        self._strategy = None  # Oscar's keeps one for ever; what it remembers is for one request
        return super().prepare(product)

    def prepare_category_name(self, product: Any) -> str | None:
        category = product.get_categories().order_by("-depth", "path").first()
        return category.name if category else None

    def prepare_seller(self, product: Any) -> str | None:
        record = self.get_strategy().select_stockrecord(product)
        return record.partner.display_name if record else None


def with_sellers(products: Any) -> Any:
    """Return a queryset of products whose cards ask the database nothing about their sellers."""
    return products.select_related("subscription_plan").prefetch_related("stockrecords__partner")

"""A search engine that finds the same products without looking: what it costs would be on both
sides of every comparison, and Whoosh's files would drown the rest."""

from __future__ import annotations

from typing import Any

from haystack.backends import BaseEngine, BaseSearchBackend, BaseSearchQuery
from haystack.models import SearchResult

from benchmarks.seeding import layout

FOUND = 20
# Services of members with a running term, which are in the shop.
IDS = [
    layout.first_service(member) + number
    for member in range(1, FOUND)
    if not layout.is_lapsed(member)
    for number in range(layout.SERVICES_EACH)
][:FOUND]


class FixedBackend(BaseSearchBackend):
    """Finds the products ``IDS``, whatever is asked."""

    def search(self, query_string: str, **kwargs: Any) -> dict[str, Any]:
        """Return the same results for every query, for the range that is asked for."""
        start, end = kwargs.get("start_offset") or 0, kwargs.get("end_offset") or FOUND
        ids = IDS[start:end]
        results = [SearchResult("catalogue", "product", pk, 1.0, title=f"{pk}") for pk in ids]
        facets: dict[str, Any] = {"fields": {}, "dates": {}, "queries": {}}
        return {"results": results, "hits": FOUND, "facets": facets, "spelling_suggestion": None}

    def update(self, index: Any, iterable: Any, commit: bool = True) -> None:
        """Write nothing."""

    def remove(self, obj_or_string: Any, commit: bool = True) -> None:
        """Remove nothing."""

    def clear(self, models: Any = None, commit: bool = True) -> None:
        """Clear nothing."""


class FixedQuery(BaseSearchQuery):
    """Asks for everything."""

    def build_query(self) -> str:
        """Return any query; the backend does not read it."""
        return "*"

    def build_query_fragment(self, field: str, filter_type: str, value: Any) -> str:
        """Return any part of a query."""
        return "*"


class FixedEngine(BaseEngine):
    """For ``HAYSTACK_CONNECTIONS``."""

    backend = FixedBackend
    query = FixedQuery

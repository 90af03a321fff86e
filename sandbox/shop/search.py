"""Whoosh for this shop: patient when it writes, deaf to accents, and able to count facets.

Haystack's own backend takes the index lock before it prepares the objects. One that can't be
prepared leaves it taken, and every later save waits for ever. It drops a removal when somebody else
is writing at that moment, so that a parked service would still be found. And it counts facets by
the words of a value, stemmed ("servic"), and price ranges not at all.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from haystack.backends import log_query
from haystack.backends.whoosh_backend import WhooshEngine, WhooshSearchBackend, WhooshSearchQuery
from haystack.constants import ID
from haystack.exceptions import SkipDocument
from haystack.utils import get_identifier
from whoosh import query
from whoosh.analysis import (
    Analyzer,
    CharsetFilter,
    IDTokenizer,
    LowercaseFilter,
    RegexTokenizer,
    StemFilter,
    StopFilter,
    SubstitutionFilter,
)
from whoosh.support.charset import accent_map
from whoosh.writing import IndexWriter

LOCK_SECONDS = 20


def words() -> Analyzer:
    """Return the analyser of texts: "séances" and "seance" are the same word."""
    folded = RegexTokenizer() | LowercaseFilter() | CharsetFilter(accent_map)
    return folded | StopFilter() | StemFilter()


def whole_value() -> Analyzer:
    """Return the analyser of values that shoppers choose from, such as a category's name.

    Haystack puts apostrophes around words with a hyphen or a full stop, so they don't count.
    """
    return IDTokenizer() | LowercaseFilter() | SubstitutionFilter("'", "")


class ShopBackend(WhooshSearchBackend):
    """Prepares first, then waits for its turn, writes and lets go."""

    def build_schema(self, fields: dict[str, Any]) -> Any:
        for field in fields.values():
            if field.field_type == "string" and field.analyzer is None:
                field.analyzer = words()
        return super().build_schema(fields)

    def update(self, index: Any, iterable: Iterable[Any], commit: bool = True) -> None:
        documents = [doc for obj in iterable if (doc := self._document(index, obj)) is not None]
        if documents:
            with self._writer() as writer:
                for document in documents:
                    writer.update_document(**document)

    def remove(self, obj_or_string: Any, commit: bool = True) -> None:
        with self._writer() as writer:
            writer.delete_by_term(ID, get_identifier(obj_or_string))

    @log_query
    def search(
        self, query_string: str, facets: Any = None, query_facets: Any = None, **kwargs: Any
    ) -> dict[str, Any]:
        found = super().search(query_string, **kwargs)
        # Where too much was chosen there is nothing to count, but all to take back.
        counted = found["hits"] or kwargs.get("narrow_queries")
        if counted and (facets or query_facets):
            chosen = [query_string, *(kwargs.get("narrow_queries") or ())]
            found["facets"] = self._count(chosen, list(facets or ()), list(query_facets or ()))
        return found

    def _count(self, chosen: list[str], fields: list[str], ranges: list[Any]) -> dict[str, Any]:
        """Count what was found, by stored value and by range of prices."""
        with self.index.searcher() as searcher:
            matching = query.And([self.parser.parse(text) for text in chosen])
            counters: dict[str, Counter] = {field: Counter() for field in fields}
            for hit in searcher.search(matching, limit=None):
                for field, counter in counters.items():
                    if hit.get(field) is not None:
                        counter[hit[field]] += 1
            counts = {}
            for field, span in ranges:
                # Oscar asks for the field, Haystack for its twin that is made for facets.
                part = f"{field.removesuffix('_exact')}:{span}"
                within = query.And([matching, self.parser.parse(part)])
                counts[part] = len(searcher.search(within, limit=None))
        by_name = {field: sorted(counter.items()) for field, counter in counters.items()}
        return {"fields": by_name, "dates": {}, "queries": counts}

    def _document(self, index: Any, obj: Any) -> dict[str, Any] | None:
        try:
            prepared = index.full_prepare(obj)
        except SkipDocument:
            return None
        prepared.pop("boost", None)
        return {name: self._from_python(value) for name, value in prepared.items()}

    def _writer(self) -> IndexWriter:
        """A writer that commits at the end of its block, or cancels if the block raises."""
        if not self.setup_complete:
            self.setup()
        self.index = self.index.refresh()
        return self.index.writer(timeout=LOCK_SECONDS)


class ShopQuery(WhooshSearchQuery):
    """Oscar shows no price ranges when it meets Haystack's own class, which can't count them."""


class ShopEngine(WhooshEngine):
    """For ``HAYSTACK_CONNECTIONS``."""

    backend = ShopBackend
    query = ShopQuery

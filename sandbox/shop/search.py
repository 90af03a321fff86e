"""Whoosh for a shop with several threads: an index lock is never kept, and never given up on.

Haystack's own backend takes the lock before it prepares the objects. One that can't be prepared
leaves it taken, and every later save waits for ever. And it drops a removal when somebody else is
writing at that moment, so that a parked service would still be found.
"""

from collections.abc import Iterable
from typing import Any

from haystack.backends.whoosh_backend import WhooshEngine, WhooshSearchBackend
from haystack.constants import ID
from haystack.exceptions import SkipDocument
from haystack.utils import get_identifier
from whoosh.writing import IndexWriter

LOCK_SECONDS = 20


class PatientWhooshBackend(WhooshSearchBackend):
    """Prepares first, then waits for its turn, writes and lets go."""

    def update(self, index: Any, iterable: Iterable[Any], commit: bool = True) -> None:
        documents = [doc for obj in iterable if (doc := self._document(index, obj)) is not None]
        if documents:
            with self._writer() as writer:
                for document in documents:
                    writer.update_document(**document)

    def remove(self, obj_or_string: Any, commit: bool = True) -> None:
        with self._writer() as writer:
            writer.delete_by_term(ID, get_identifier(obj_or_string))

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


class PatientWhooshEngine(WhooshEngine):
    """For ``HAYSTACK_CONNECTIONS``."""

    backend = PatientWhooshBackend

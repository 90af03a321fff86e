"""Pages and counts that cost the same however many rows there are: nothing is counted further than
a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import IntegerField, QuerySet, Subquery
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    _Paginator = Paginator[Any]
else:
    _Paginator = Paginator

# Rows that an index gives as they are, and rows that take a question each.
LIMIT, FILTERED_LIMIT = 10_000, 1_000


class BoundedPaginator(_Paginator):
    """Pages of at most the first ``limit`` rows of a queryset.

    Nobody turns four hundred pages: who looks for a row beyond them searches for it.
    """

    def __init__(self, *args: Any, limit: int = LIMIT, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit = limit

    @cached_property
    def _keys(self) -> list[object]:
        # Read once, for the number of pages and for the page: finding them is what costs.
        rows = cast("QuerySet[Any]", self.object_list)
        return list(rows.values_list("pk", flat=True)[: self.limit + 1])

    @property
    def count(self) -> int:
        """How many rows the pages have: ``limit`` if there are more."""
        return min(len(self._keys), self.limit)

    @property
    def has_more(self) -> bool:
        """Whether there are rows that no page shows."""
        return len(self._keys) > self.limit

    @property
    def limit_in_words(self) -> str:
        """``limit`` as the reader writes it."""
        return number_format(self.limit, force_grouping=True)

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        keys = self._keys[bottom : min(bottom + self.per_page, self.count)]
        rows = cast("QuerySet[Any]", self.object_list)
        return Page(rows.filter(pk__in=keys), number, self)


class BoundedCount(Subquery):
    """How many rows ``rows`` has, which may refer to an outer one; ``limit + 1`` if they are more.

    Show it with :func:`in_words`.
    """

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS bounded)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any], limit: int) -> None:
        super().__init__(rows.order_by().values("pk")[: limit + 1])


def in_words(count: int, limit: int) -> str:
    """Return a count by :class:`BoundedCount` in the active language."""
    if count <= limit:
        return str(count)
    return _("more than %(number)s") % {"number": number_format(limit, force_grouping=True)}

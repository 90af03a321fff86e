"""Large steps, which several processes may carry out together: each takes a range of primary keys.

A step that can be shared out says so, and takes a range::

    @sharing.shared_out(sharing.by_rows(lambda: Favourite.objects.all()))
    def tidy_favourites(day, dry_run, keys=sharing.EVERYTHING):
        for favourite in keys.of(Favourite.objects.all()):
            ...

``manage.py subscriptions_run`` shares nothing out: it gives each step everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from django.db.models import QuerySet

from oscar_subscriptions import conf

if TYPE_CHECKING:
    from oscar_subscriptions.daily_run.work import Outcome

Query = TypeVar("Query", bound=QuerySet[Any])
AllRows = Callable[[], "QuerySet[Any]"]


class KeyRange(NamedTuple):
    """Primary keys after ``after``, up to and with ``until``; ``None``: without an end."""

    after: int = 0
    until: int | None = None

    def of(self, rows: Query, field: str = "pk") -> Query:
        """Return the rows of a queryset whose ``field`` is in the range."""
        if self.after:
            rows = rows.filter(**{f"{field}__gt": self.after})
        if self.until is not None:
            rows = rows.filter(**{f"{field}__lte": self.until})
        return rows

    def named(self, checkpoint: str) -> str:
        """Return the name of a step's checkpoint for this range: each has a memory of its own."""
        if self == EVERYTHING:
            return checkpoint
        return f"{checkpoint} {self.after}-{'' if self.until is None else self.until}"


EVERYTHING = KeyRange()

# Returns the ranges that cover everything a step has to look at now.
Cut = Callable[[], list[KeyRange]]


class SharedStep(Protocol):
    """A step of the run that can be given a range."""

    def __call__(self, day: date, dry_run: bool, keys: KeyRange = ...) -> Iterable[Outcome]: ...


Step = TypeVar("Step", bound=SharedStep)

_SHARED: dict[object, tuple[SharedStep, Cut]] = {}


def shared_out(cut: Cut) -> Callable[[Step], Step]:
    """Declare that a step can be shared out; a decorator.

    Args:
        cut: returns the ranges to share out, such as :func:`by_rows`.
    """

    def declare(step: Step) -> Step:
        _SHARED[step] = (step, cut)
        return step

    return declare


def shares(step: object) -> list[KeyRange]:
    """Return the ranges that ``step`` can be shared out by now: one, ``EVERYTHING``, if it can't or
    if that is not worth it."""
    if step not in _SHARED:
        return [EVERYTHING]
    found = _SHARED[step][1]()
    return found if len(found) > 1 else [EVERYTHING]


def restricted(step: object, keys: KeyRange) -> Callable[[date, bool], Iterable[Outcome]]:
    """Return ``step``, which was declared with :func:`shared_out`, for one range.

    Raises:
        KeyError: it was not declared.
    """
    return partial(_SHARED[step][0], keys=keys)


def by_rows(rows: AllRows) -> Cut:
    """Return a cut of a table into ranges of ``ROWS_PER_TASK`` keys.

    They begin at the same keys in every run, so that each can remember what it has lived through.
    Ranges without a row are left out.

    Args:
        rows: returns all rows.
    """

    def cut() -> list[KeyRange]:
        width = conf.settings.ROWS_PER_TASK
        keys = rows().order_by("pk").values_list("pk", flat=True)
        found: list[KeyRange] = []
        while (first := keys.filter(pk__gt=found[-1].until if found else 0).first()) is not None:
            after = (first - 1) // width * width
            found.append(KeyRange(after, after + width))
        return found

    return cut


def by_number(rows: AllRows, number: int) -> Cut:
    """Return a cut into ranges with as many of the present rows each, for a step that remembers
    nothing. The last one has no end.

    Args:
        rows: returns the rows to be worked on.
        number: of rows in a range, at most ``ROWS_PER_TASK``.
    """

    def cut() -> list[KeyRange]:
        width = min(number, conf.settings.ROWS_PER_TASK)
        keys = list(rows().order_by("pk").values_list("pk", flat=True))
        ends = keys[width - 1 : -1 : width]
        return [*map(KeyRange, [0, *ends], [*ends, None])]

    return cut

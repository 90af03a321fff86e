"""Which rows a step looks at, so that a run costs what is due and not what exists.

A date makes a row due once: a step asks for the days since it last ran. What happened to a
subscription is in its history. What neither tells (a script wrote rows, a process died, staff
changed a product by hand) is found by looking at all rows in turn: a small shop's in every run,
``IN_TURN`` rows a run in a large one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone

from oscar_subscriptions import journal
from oscar_subscriptions.daily_run import checkpoints
from oscar_subscriptions.loading import registered

if TYPE_CHECKING:
    from django.db.models import QuerySet

# Looking at a row that is in order takes some ten microseconds of the database's time.
IN_TURN = 1000

# A transaction may write the moment at which it began, and end after a run that does not see it.
OVERLAP = timedelta(hours=1)


class Days(NamedTuple):
    """The days of the shop's timezone after ``after``, up to and with ``until``."""

    after: date
    until: date


@dataclass(frozen=True)
class Turn:
    """What one step looks at in one run.

    Attributes:
        name: of the step's checkpoint.
        day: that the run lives through.
        days: the days between the step's last run and ``day``, whichever is later; ``None`` in its
            first run, which looks at everything.
        keys: primary keys of the rows that have their turn.
        since: the moment at which the last run began.
        now: the moment at which this one did.
    """

    name: str
    day: date
    days: Days | None
    keys: list[int]
    since: datetime | None
    now: datetime

    def subscriptions_with_news(self) -> QuerySet[Any]:
        """Return the primary keys of the subscriptions whose history has grown since the last run
        began, as a queryset.

        That services were parked or restored is no news: the run itself has done it, to thousands
        perhaps, and it changes nothing that a step asks of a subscription.
        """
        moved = (journal.LISTINGS_PARKED, journal.LISTINGS_RESTORED)
        entries = registered.JournalEntry.objects.exclude(kind__in=moved).order_by()
        if self.since is not None:
            entries = entries.filter(at__gte=self.since - OVERLAP)
        return entries.values("subscription")

    def done(self) -> None:
        """Write down that the step has lived through its day and looked at its rows."""
        last = self.keys[-1] if self.keys else 0
        checkpoints.live_through(self.name, self.day, last, self.now)


def begin(name: str, day: date, rows: QuerySet[Any]) -> Turn:
    """Return what a step has to look at.

    Args:
        name: of the step's checkpoint.
        day: that the run lives through.
        rows: all that there are. In turn come the next ``IN_TURN`` in the order of their keys;
            behind the last comes the first.
    """
    mark = checkpoints.get(name)
    last = mark.row if mark else 0
    keys = rows.order_by("pk").values_list("pk", flat=True)
    turn = list(keys.filter(pk__gt=last)[:IN_TURN])
    if last and len(turn) < IN_TURN:
        turn += keys.filter(pk__lte=last)[: IN_TURN - len(turn)]
    days = None
    if mark is not None and mark.day is not None:
        days = Days(min(mark.day, day), max(mark.day, day))
    return Turn(name, day, days, turn, mark.at if mark else None, timezone.now())

"""The terms of a subscription on a line of time: positions and words; a template draws them.

Numbers are text without the reader's separators: they are attributes of an SVG.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_subscriptions.plans.term_status import describe

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Term

# Units of the drawing: its width, and the height of a lane with the space below it.
WIDTH, LANE, TOP = 1_000, 40, 26
# A label needs as much room.
LABELLED = 130
# Beside the first and the last day, so that today is not drawn on the edge.
MARGIN = timedelta(days=30)
# More years have no tick of their own.
TICKS = 12

LEGEND = {
    "active": gettext_lazy("runs"),
    "upcoming": gettext_lazy("to come"),
    "lapsed": gettext_lazy("over"),
    "suspended": gettext_lazy("suspended"),
    "revoked": gettext_lazy("revoked"),
    "grace": gettext_lazy("grace"),
}


@dataclass(frozen=True)
class Bar:
    """One term.

    Attributes:
        code: of its status, see ``plans.term_status``; "active" also in grace.
        words: all that is to be read of it: days, status, and what paid for it.
        label: what paid for it; "" if there is no room.
        x, width, y: where it is; ``grace`` is the width of the days of grace, behind it.
    """

    code: str
    words: str
    label: str
    x: str
    width: str
    grace_x: str
    grace: str
    y: str
    text_x: str
    text_y: str


@dataclass(frozen=True)
class Tick:
    """The first day of a year."""

    x: str
    year: str


@dataclass(frozen=True)
class Timeline:
    """The drawing. ``legend`` has the codes that occur, with their words."""

    bars: list[Bar]
    ticks: list[Tick]
    today_x: str
    height: str
    bottom: str
    words: str
    legend: list[tuple[str, str]]


class _Scale:
    """Days as positions."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.days = first, max((last - first).days, 1)

    def __call__(self, day: date) -> int:
        return round((day - self.first).days * WIDTH / self.days)


def draw(terms: Iterable[Term], today: date) -> Timeline | None:
    """Return the drawing of ``terms``, with their orders prefetched; ``None`` without any.

    Those that were not revoked never overlap and share the first lane; revoked ones lie below.
    """
    rows = sorted(terms, key=lambda term: (term.revoked_at is not None, term.starts_on, term.pk))
    if not rows:
        return None
    first = min(today, *(term.starts_on for term in rows)) - MARGIN
    last = max(today, *(term.covered_until for term in rows)) + MARGIN
    scale = _Scale(first, last)
    lanes: list[date] = []
    bars: list[Bar] = []
    for term in rows:
        if term.revoked_at is not None and bars and bars[-1].code != "revoked":
            lanes = [date.max] * len(lanes)
        bars.append(_bar(term, _lane(lanes, term), scale, today))
    bottom = TOP + LANE * len(lanes)
    codes = {bar.code for bar in bars}
    if any(bar.grace != "0" for bar in bars):
        codes.add("grace")
    return Timeline(
        bars=bars,
        ticks=_ticks(first, last, scale),
        today_x=str(scale(today)),
        height=str(bottom + 20),
        bottom=str(bottom),
        words="; ".join(bar.words for bar in bars),
        legend=[(code, str(words)) for code, words in LEGEND.items() if code in codes],
    )


def _lane(lanes: list[date], term: Term) -> int:
    """The first lane that is free for ``term``; ``lanes`` holds the last day of each. Days of grace
    are hidden by the term that follows them."""
    for number, taken in enumerate(lanes):
        if taken < term.starts_on:
            lanes[number] = term.ends_on
            return number
    lanes.append(term.ends_on)
    return len(lanes) - 1


def _bar(term: Term, lane: int, scale: _Scale, today: date) -> Bar:
    status = describe(term, today)
    begin, end = scale(term.starts_on), scale(term.ends_on + date.resolution)
    until = scale(term.covered_until + date.resolution)
    # One day of many years is still to be seen.
    width, y = max(end - begin, 3), TOP + LANE * lane
    paid = _paid(term)
    words = _("%(first)s to %(last)s: %(status)s, %(paid)s") % {
        "first": date_format(term.starts_on, "DATE_FORMAT"),
        "last": date_format(term.ends_on, "DATE_FORMAT"),
        "status": status.words,
        "paid": paid,
    }
    return Bar(
        code="active" if status.code == "grace" else status.code,
        words=words,
        label=paid if width >= LABELLED else "",
        x=str(begin),
        width=str(width),
        grace_x=str(begin + width),
        grace=str(max(until - begin - width, 0) if until > end else 0),
        y=str(y),
        text_x=str(begin + 8),
        text_y=str(y + 20),
    )


def _paid(term: Term) -> str:
    if term.order_line is not None:
        return _("order %(number)s") % {"number": term.order_line.order.number}
    return _("given by %(name)s") % {"name": term.granted_by_name or "–"}


def _ticks(first: date, last: date, scale: _Scale) -> list[Tick]:
    years = range(first.year + 1, last.year + 1)
    step = len(years) // TICKS + 1
    return [Tick(str(scale(date(year, 1, 1))), str(year)) for year in years[::step]]

"""The calendar of a subscription: dates in, dates out. No database, no clock, no settings.

A term is a stretch of days, first and last day included. Twelve months from 3 February 2017 run
to 3 February 2018, last day included, as members are told ("de date à date").

The *anchor* is the first day of an unbroken chain of terms. Every last day of the chain is counted
from it, so that a chain from 29 February or from the 31st never drifts: 29 February 2024,
28 February 2025, 2026, 2027, and 29 February again in 2028.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from dateutil.relativedelta import relativedelta

ONE_DAY = timedelta(days=1)


class HasSpan(Protocol):
    """The days of an earlier term; a ``Span`` and a ``Term`` row both have them."""

    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date: ...
    @property
    def covered_until(self) -> date: ...
    @property
    def anchor(self) -> date: ...


Term = TypeVar("Term", bound=HasSpan)


@dataclass(frozen=True)
class Span:
    """The days of one term.

    Attributes:
        starts_on: first day.
        ends_on: last day, included.
        covered_until: last day of grace, included; ``ends_on`` where the plan grants none.
        anchor: the day from which the months of the chain are counted.
    """

    starts_on: date
    ends_on: date
    covered_until: date
    anchor: date

    def covers(self, day: date) -> bool:
        """Return whether ``day`` lies in the term or in its grace."""
        return self.starts_on <= day <= self.covered_until


def months_after(anchor: date, months: int) -> date:
    """Return the day ``months`` calendar months after ``anchor``, clipped to the month's end."""
    return anchor + relativedelta(months=months)


def months_between(anchor: date, ends_on: date) -> int:
    """Return how many calendar months after ``anchor`` the day ``ends_on`` lies.

    Exact for every day that :func:`months_after` returns, because clipping never leaves the month.
    """
    return (ends_on.year - anchor.year) * 12 + ends_on.month - anchor.month


def bought(today: date, months: int, grace_days: int, earlier: Iterable[HasSpan] = ()) -> Span:
    """Return the days that a purchase confirmed on ``today`` gives.

    Args:
        today: the day on which the money is confirmed, in the shop's timezone.
        months: length of the term in calendar months, at least 1.
        grace_days: days after the last day on which the member is still covered, at least 0.
        earlier: the terms of the same subscription that were not revoked, in any order.

    Returns:
        A span that starts today or, if the latest earlier term still covers today or lies in the
        future, on the day after its last day: no day is lost and none is sold twice.

    Raises:
        ValueError: ``months`` is below 1 or ``grace_days`` below 0.
    """
    if months < 1:
        raise ValueError("a term has at least one month")
    last = latest_while_covered(today, earlier)
    if last is None:
        return _span(today, months_after(today, months), grace_days, today)
    months_used = months_between(last.anchor, last.ends_on)
    ends_on = months_after(last.anchor, months_used + months)
    return _span(last.ends_on + ONE_DAY, ends_on, grace_days, last.anchor)


def latest_while_covered(today: date, earlier: Iterable[Term]) -> Term | None:
    """Return the term that the next one follows, or ``None`` if the next one begins today.

    The grace of every term counts: an extension, on a plan whose grace was shortened since, must
    not end the longer grace of the term before it.

    Arguments as in :func:`bought`.
    """
    rows = list(earlier)
    if all(term.covered_until < today for term in rows):
        return None
    return max(rows, key=lambda term: term.ends_on)


def extended(days: int, grace_days: int, last: HasSpan) -> Span:
    """Return the days of an extension granted directly after ``last``.

    Args:
        days: length in days, at least 1.
        grace_days: see :func:`bought`.
        last: the latest term of the subscription that was not revoked.

    Returns:
        A span whose last day is its own anchor, so that the next year is a whole year.

    Raises:
        ValueError: ``days`` is below 1 or ``grace_days`` below 0.
    """
    if days < 1:
        raise ValueError("an extension has at least one day")
    ends_on = last.ends_on + timedelta(days=days)
    return _span(last.ends_on + ONE_DAY, ends_on, grace_days, ends_on)


def with_credit(span: Span, days: int) -> Span:
    """Return ``span`` with ``days`` more; its last day becomes its anchor, as in an extension.

    Args:
        span: a term.
        days: at least 0; 0 changes nothing.

    Raises:
        ValueError: ``days`` is below 0.
    """
    if days < 0:
        raise ValueError("a credit can't be negative")
    if not days:
        return span
    ends_on = span.ends_on + timedelta(days=days)
    return Span(span.starts_on, ends_on, span.covered_until + timedelta(days=days), ends_on)


def granted(today: date, days: int, grace_days: int, earlier: Iterable[HasSpan] = ()) -> Span:
    """Return the days of a grant of ``days``: directly after the latest term, or from today.

    Arguments and errors as in :func:`bought` and :func:`extended`.
    """
    last = latest_while_covered(today, earlier)
    if last is None:
        # As if directly after a term that ended yesterday.
        yesterday = today - ONE_DAY
        last = Span(yesterday, yesterday, yesterday, yesterday)
    return extended(days, grace_days, last)


def _span(starts_on: date, ends_on: date, grace_days: int, anchor: date) -> Span:
    if grace_days < 0:
        raise ValueError("grace can't be negative")
    return Span(starts_on, ends_on, ends_on + timedelta(days=grace_days), anchor)

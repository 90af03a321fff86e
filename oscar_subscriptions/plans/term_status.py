"""The status of a term on a day, in words for its member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Term


@dataclass(frozen=True)
class TermStatus:
    """A status as the page shows it.

    Attributes:
        code: ``active``, ``grace``, ``upcoming``, ``suspended``, ``revoked`` or ``lapsed``.
        words: a phrase with the day that matters, in the active language.
        badge: the colour, by its Bootstrap name.
    """

    code: str
    words: str
    badge: str


def describe(term: Term, today: date) -> TermStatus:
    """Return the status of ``term`` on ``today`` (shop timezone)."""
    if term.revoked_at is not None:
        return TermStatus("revoked", _("revoked"), "danger")
    if term.suspended_at is not None:
        return TermStatus("suspended", _("suspended"), "warning")
    if today < term.starts_on:
        return TermStatus("upcoming", _("starts on %s") % _day(term.starts_on), "primary")
    if today <= term.ends_on:
        return TermStatus("active", _("active until %s") % _day(term.ends_on), "success")
    if today <= term.covered_until:
        return TermStatus("grace", _("in grace until %s") % _day(term.covered_until), "warning")
    return TermStatus("lapsed", _("ended on %s") % _day(term.ends_on), "secondary")


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")

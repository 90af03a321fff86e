"""Where a term stands today, in words for its member."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class TermStatus:
    """One answer for the page.

    Attributes:
        code: ``active``, ``grace``, ``upcoming``, ``suspended``, ``revoked`` or ``lapsed``.
        words: a sentence with the day that matters, in the active language.
        badge: the colour, as a Bootstrap name.
    """

    code: str
    words: str
    badge: str


def describe(term: Any, today: date) -> TermStatus:
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

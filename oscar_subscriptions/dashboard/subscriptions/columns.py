"""What the list of subscriptions shows of each, on a page and in a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from oscar_subscriptions.dashboard.subscriptions import states

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Subscription, Term


def fill(subscriptions: Iterable[Subscription], day: date) -> None:
    """Set ``state``, ``status``, ``first_day``, ``last_day`` and ``origin`` of each; one query.

    Args:
        subscriptions: with their terms, and where those came from, prefetched.
        day: of the states (shop timezone).
    """
    rows = list(subscriptions)
    state = states.states_of(rows, day)
    for row in rows:
        row.state = state[row.pk]
        row.status = states.in_words(row, day)
        held = sorted(
            (term for term in row.terms.all() if term.revoked_at is None),
            key=lambda term: (term.starts_on, term.pk),
        )
        row.first_day = held[0].starts_on if held else None
        row.last_day = max(term.ends_on for term in held) if held else None
        row.origin = _origin(held)


def _origin(held: list[Term]) -> str:
    """How the last of the terms was got, in the active language; "" without terms."""
    if not held:
        return ""
    *earlier, last = held
    if last.order_line_id is not None:
        was_bought = any(term.order_line_id is not None for term in earlier)
        return _("renewed") if was_bought else _("bought")
    return _("handed over") if last.came_from.all() else _("given by the shop")

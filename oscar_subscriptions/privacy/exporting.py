"""All that the extension knows of a member, as JSON.

Moments (in UTC) and days are ISO text; amounts are text in major units.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from oscar_subscriptions import conf
from oscar_subscriptions.privacy import memberships, people, purchases, sections
from oscar_subscriptions.privacy.people import Person

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Visitor

# Schema version; bump it when an entry changes its meaning.
FORMAT = 1

# Returns an entry of the export, for ``json.dumps``.
Section = Callable[[Person], object]


def export(user: Visitor | Person) -> dict[str, object]:
    """Return all that is known of ``user``, for ``json.dumps``.

    Args:
        user: the account, signed in, or a :class:`~oscar_subscriptions.privacy.people.Person`.

    Returns:
        ``format`` (int), ``exported_on`` (day as ISO text), and one entry for each section.
    """
    person = people.as_person(user)
    head: dict[str, object] = {"format": FORMAT, "exported_on": conf.today().isoformat()}
    return head | {name: section(person) for name, section in _SECTIONS.items()}


def add_section(name: str, section: Section) -> None:
    """Add to every export the entry ``name`` with the value of ``section(person)``.

    Args:
        section: returns what ``json.dumps`` accepts.
    """
    _SECTIONS[name] = section


_SECTIONS: dict[str, Section] = {
    "account": sections.account,
    "subscriptions": memberships.subscriptions,
    "orders": purchases.orders,
    "notifications": sections.notifications,
    "seller": sections.seller,
    "alerts": sections.alerts_about,
}

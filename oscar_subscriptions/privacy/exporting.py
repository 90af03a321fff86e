"""All that the extension knows of a member, as JSON.

Moments (in UTC) and days are ISO text, amounts are text.
"""

from collections.abc import Callable
from typing import Any

from oscar_subscriptions import conf
from oscar_subscriptions.privacy import memberships, people, purchases, sections
from oscar_subscriptions.privacy.people import Person

# Of the form of the whole; another number when an entry changes its meaning.
FORMAT = 1

Section = Callable[[Person], Any]


def export(user: Any) -> dict[str, Any]:
    """Return all that is known of ``user``, for ``json.dumps``.

    Args:
        user: the account, or a :class:`~oscar_subscriptions.privacy.people.Person`.

    Returns:
        ``format``, ``exported_on``, and one entry for each section.
    """
    person = people.as_person(user)
    head = {"format": FORMAT, "exported_on": conf.today().isoformat()}
    return head | {name: section(person) for name, section in _SECTIONS.items()}


def add_section(name: str, section: Section) -> None:
    """Let every export have an entry ``name`` with what ``section(person)`` returns, as JSON."""
    _SECTIONS[name] = section


_SECTIONS: dict[str, Section] = {
    "account": sections.account,
    "subscriptions": memberships.subscriptions,
    "orders": purchases.orders,
    "notifications": sections.notifications,
    "seller": sections.seller,
    "alerts": sections.alerts_about,
}

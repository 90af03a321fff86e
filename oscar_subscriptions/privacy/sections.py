"""What the sections of the export say; each takes a ``Person`` and returns JSON.

Subscriptions and orders have modules of their own. Of other people none says anything.
"""

from datetime import date
from typing import Any

from oscar_subscriptions import alerts
from oscar_subscriptions.privacy.people import Person
from oscar_subscriptions.sellers import listings


def account(person: Person) -> dict[str, Any]:
    """The account, as far as every user model has it."""
    user = person.user
    if user is None:
        return {"email": person.email, "deleted": True}
    return {
        "user_name": user.get_username(),
        "name": user.get_full_name(),
        "email": user.email,
        "joined_at": iso(getattr(user, "date_joined", None)),
        "last_login_at": iso(user.last_login),
    }


def notifications(person: Person) -> list[dict[str, Any]]:
    """E-mails to the member."""
    return [
        {
            "kind": row.kind,
            "email": row.email,
            "language": row.language,
            "created_at": iso(row.created_at),
            "sent_at": iso(row.sent_at),
        }
        for row in person.mails()
    ]


def seller(person: Person) -> dict[str, Any] | None:
    """The seller and the services, in the shop or not."""
    found = person.seller()
    if found is None:
        return None
    services = listings.services(found).order_by("pk").prefetch_related("stockrecords")
    return {
        "name": found.partner.display_name,
        "code": found.partner.code,
        "created_at": iso(found.created_at),
        "services": [
            {
                "title": product.title,
                "description": product.description,
                "price": next((str(one.price) for one in product.stockrecords.all()), None),
                "is_in_the_shop": product.is_public,
                "created_at": iso(product.date_created),
            }
            for product in services
        ],
    }


def alerts_about(person: Person) -> list[dict[str, Any]]:
    """What operators were told about the member's money."""
    return [
        {
            "what": alerts.title(row),
            # The reason of this one names the other member as well.
            "reason": "" if row.kind == alerts.HANDED_OVER_UNPAID else row.reason,
            "raised_at": iso(row.raised_at),
            "resolved_at": iso(row.resolved_at),
            "note": row.note,
        }
        for row in person.alerts()
    ]


def iso(value: Any) -> str | None:
    """Return a day or a moment (in UTC) as ISO text; ``None`` stays."""
    return value.isoformat() if isinstance(value, date) else None

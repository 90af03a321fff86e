"""Sections of the export; each takes a ``Person`` and returns what ``json.dumps`` accepts.

Subscriptions and orders have modules of their own. No section names another person.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from oscar_subscriptions import alerts
from oscar_subscriptions.privacy.people import Person
from oscar_subscriptions.sellers import listings

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Partner, Product, StockRecord


def account(person: Person) -> dict[str, object]:
    """Return the fields of the account that every user model has."""
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


def notifications(person: Person) -> list[dict[str, object]]:
    """Return the mails to the member."""
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


def seller(person: Person) -> dict[str, object] | None:
    """Return the seller and their services, in the shop or not; ``None`` without a seller."""
    found = person.seller()
    if found is None:
        return None
    services: Iterable[Product] = (
        listings.services(found).order_by("pk").prefetch_related("stockrecords")
    )
    taken_down: dict[int | None, list[dict[str, object]]] = {}
    for row in found.take_downs.all():
        times = {"at": iso(row.taken_down_at), "until": iso(row.lifted_at)}
        taken_down.setdefault(row.product_id, []).append({"reason": row.reason, **times})
    partner: Partner = found.partner
    return {
        "name": partner.display_name,
        "code": partner.code,
        "created_at": iso(found.created_at),
        "page_taken_down": taken_down.get(None, []),
        "services": [
            {
                "title": product.title,
                "description": product.description,
                "price": _price(product.stockrecords.all()),
                "is_in_the_shop": product.is_public,
                "taken_down": taken_down.get(product.pk, []),
                "created_at": iso(product.date_created),
            }
            for product in services
        ],
    }


def _price(records: Iterable[StockRecord]) -> str | None:
    return next((str(record.price) for record in records), None)


def alerts_about(person: Person) -> list[dict[str, object]]:
    """Return what operators were told about the member's money."""
    return [
        {
            "what": alerts.title(row),
            # The reason of such an alert names the other member as well.
            "reason": "" if row.kind == alerts.HANDED_OVER_UNPAID else alerts.explanation(row),
            "raised_at": iso(row.raised_at),
            "resolved_at": iso(row.resolved_at),
            "note": row.note,
        }
        for row in person.alerts()
    ]


def iso(value: date | None) -> str | None:
    """Return a day or a moment (in UTC) as ISO text; ``None`` stays ``None``."""
    return None if value is None else value.isoformat()

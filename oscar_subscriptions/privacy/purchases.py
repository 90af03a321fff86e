"""The section of the export about orders, with what was accepted and the receipts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from oscar.core.loading import get_model

from oscar_subscriptions.privacy.people import Person
from oscar_subscriptions.privacy.sections import iso

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Address, Consent, Order, OrderLine, Receipt


def orders(person: Person) -> list[dict[str, object]]:
    """Return the orders of plans, each with its consent and its receipt."""
    Line = get_model("order", "Line")
    rows = person.orders().select_related(
        "billing_address__country", "subscription_consent__terms_of_sale", "subscription_receipt"
    )
    found: Iterable[Order] = rows.prefetch_related(Prefetch("lines", Line.objects.order_by("pk")))
    return [
        {
            "number": row.number,
            "placed_at": iso(row.date_placed),
            "status": row.status,
            "total": str(row.total_incl_tax),
            "tax": str(row.total_tax),
            "currency": row.currency,
            "lines": [_line(line) for line in row.lines.all()],
            "billing_address": _address(row.billing_address),
            "consent": _consent(getattr(row, "subscription_consent", None)),
            "receipt": _receipt(getattr(row, "subscription_receipt", None)),
        }
        for row in found
    ]


def _line(line: OrderLine) -> dict[str, object]:
    price = str(line.line_price_incl_tax)
    return {"title": line.title, "quantity": line.quantity, "price": price}


def _address(address: Address | None) -> list[str] | None:
    return None if address is None else address.active_address_fields()


def _consent(consent: Consent | None) -> dict[str, object] | None:
    if consent is None:
        return None
    return {
        "terms_of_sale": consent.terms_of_sale.version,
        "language": consent.terms_of_sale.language,
        "text": consent.terms_of_sale.text,
        "accepted_at": iso(consent.accepted_at),
        "first_day_shown": iso(consent.starts_on),
        "last_day_shown": iso(consent.ends_on),
    }


def _receipt(receipt: Receipt | None) -> dict[str, object] | None:
    if receipt is None:
        return None
    return {
        "number": receipt.number,
        "issued_on": iso(receipt.issued_on),
        "facts": receipt.facts,
    }

"""Everything that a receipt prints, as JSON: days as ISO text, amounts as text.

Taken once, when the receipt is issued; never edited.
"""

from decimal import Decimal
from typing import Any

from django.conf import settings as django_settings
from django.utils import timezone

from oscar_subscriptions import conf
from oscar_subscriptions.receipts import vat


def take(order: Any, term: Any) -> dict[str, Any]:
    """Return the facts of the receipt of ``order``.

    Args:
        order: an Oscar ``Order``.
        term: the ``Term`` that it gave, with its ``subscription``.
    """
    lines = _lines(order)
    parts = vat.by_rate(
        [(Decimal(line["net"]), Decimal(line["gross"]) - Decimal(line["net"])) for line in lines],
        order.total_excl_tax,
        order.total_tax,
        vat.unit_of(order.currency),
    )
    return {
        # The member's; the receipt is always printed in it.
        "language": term.subscription.language or django_settings.LANGUAGE_CODE,
        "vendor": _vendor(order),
        "member": _member(order, term.subscription),
        "order": order.number,
        "ordered_on": _day(order.date_placed),
        # The term is written in the moment that the money is confirmed.
        "paid_on": _day(term.created_at),
        "payment": _payment(order),
        "plan": term.plan_title,
        "starts_on": term.starts_on.isoformat(),
        "ends_on": term.ends_on.isoformat(),
        "currency": order.currency,
        "lines": lines,
        "vat": [
            {
                "rate": None if part.rate is None else str(part.rate),
                "net": str(part.net),
                "tax": str(part.tax),
            }
            for part in parts
        ],
        "net": str(order.total_excl_tax),
        "tax": str(order.total_tax),
        "gross": str(order.total_incl_tax),
    }


def _vendor(order: Any) -> dict[str, Any]:
    line = order.lines.select_related("partner").order_by("pk").first()
    partner = line.partner
    # Not ``primary_address``: it raises where a partner has two.
    address = partner.addresses.order_by("pk").first() if partner is not None else None
    return {
        "name": (partner and partner.display_name) or line.partner_name,
        "address": _address(address),
        "details": list(conf.settings.VENDOR_DETAILS),
    }


def _member(order: Any, subscription: Any) -> dict[str, Any]:
    billing, user = order.billing_address, order.user
    names = [
        billing.name if billing is not None else "",
        user.get_full_name() if user is not None else "",
        subscription.member_name,
        subscription.member_email,
    ]
    name = next((name.strip() for name in names if name and name.strip()), "")
    return {"name": name, "address": _address(billing)}


def _address(address: Any) -> list[str]:
    if address is None:
        return []
    city = f"{address.postcode or ''} {address.line4 or ''}"
    country = str(address.country) if address.country_id else ""
    lines = [address.line1, address.line2, address.line3, city, address.state, country]
    return [line.strip() for line in lines if line and line.strip()]


def _lines(order: Any) -> list[dict[str, Any]]:
    """What was paid for: the order's lines after discounts, surcharges, shipping."""
    lines = [
        {
            "title": line.title,
            "quantity": line.quantity,
            "net": str(line.line_price_excl_tax),
            "gross": str(line.line_price_incl_tax),
            "discount": str(line.discount_incl_tax),
        }
        for line in order.lines.order_by("pk")
    ]
    extras = [(charge.name, charge.excl_tax, charge.incl_tax) for charge in order.surcharges.all()]
    if order.shipping_incl_tax:
        extras += [(order.shipping_method, order.shipping_excl_tax, order.shipping_incl_tax)]
    return lines + [
        {"title": title, "quantity": 1, "net": str(net), "gross": str(gross), "discount": "0.00"}
        for title, net, gross in extras
    ]


def _payment(order: Any) -> str:
    """By what, and under which reference of the provider, as Oscar shows it; "" if unknown."""
    source = order.sources.select_related("source_type").order_by("pk").first()
    return f"{source.source_type.name} {source.reference}".strip() if source is not None else ""


def _day(moment: Any) -> str:
    return timezone.localdate(moment, timezone.get_default_timezone()).isoformat()

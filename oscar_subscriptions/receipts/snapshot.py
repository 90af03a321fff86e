"""Everything that a receipt prints, as JSON: days as ISO text, amounts as text in major units.

Taken once, when the receipt is issued; never edited.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from django.conf import settings as django_settings
from django.utils import timezone
from oscar.core.loading import get_class

from oscar_subscriptions import conf
from oscar_subscriptions.receipts import vat

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import (
        Address,
        Consent,
        Order,
        OrderLine,
        Partner,
        Source,
        Strategy,
        Subscription,
        Term,
        User,
    )


class MemberFacts(TypedDict):
    """The member; ``address`` has one entry for each line."""

    name: str
    address: list[str]


class VendorFacts(MemberFacts):
    """The vendor of the plan; ``details`` is the setting ``VENDOR_DETAILS``."""

    details: list[str]


class LineFacts(TypedDict):
    """A line of the order, or a surcharge; ``net`` and ``gross`` are after ``discount``."""

    title: str
    quantity: int
    net: str
    gross: str
    discount: str


class VatFacts(TypedDict):
    """A ``vat.Part``; ``rate`` is in per cent."""

    rate: str | None
    net: str
    tax: str


class Facts(TypedDict):
    """``Receipt.facts``. ``language`` is a code, ``currency`` is of ISO 4217; ``payment`` names the
    payment method and the provider's reference, ``sources`` are the primary keys of Oscar's rows
    of it."""

    language: str
    vendor: VendorFacts
    member: MemberFacts
    order: str
    ordered_on: str
    paid_on: str
    payment: str
    sources: list[int]
    plan: str
    starts_on: str
    ends_on: str
    currency: str
    lines: list[LineFacts]
    vat: list[VatFacts]
    net: str
    tax: str
    gross: str


def take(order: Order, term: Term, rows: list[OrderLine] | None = None) -> Facts:
    """Return the facts of the receipt of ``order``, which has given ``term``; ``rows`` are its
    lines by primary key, if they have been read."""
    if rows is None:
        found = order.lines.select_related("partner", "product", "stockrecord")
        rows = list(found.order_by("pk"))
    lines, sources = _lines(order, rows), _sources(order)
    parts = vat.by_rate(
        [(Decimal(line["net"]), Decimal(line["gross"]) - Decimal(line["net"])) for line in lines],
        order.total_excl_tax,
        order.total_tax,
        _stated_rate(order, rows[0]),
        vat.unit_of(order.currency),
    )
    return {
        # The member's language; the receipt is always printed in it.
        "language": term.subscription.language or django_settings.LANGUAGE_CODE,
        "vendor": _vendor(rows[0]),
        "member": _member(order, term.subscription),
        "order": order.number,
        "ordered_on": _day(order.date_placed),
        # The term is written as soon as the payment is confirmed.
        "paid_on": _day(term.created_at),
        "payment": ", ".join(_named(source) for source in sources),
        "sources": [source.pk for source in sources],
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


def _vendor(line: OrderLine) -> VendorFacts:
    partner: Partner | None = line.partner
    # Not ``primary_address``: it raises if a partner has two.
    address = partner.addresses.order_by("pk").first() if partner is not None else None
    return {
        "name": (partner.display_name if partner is not None else "") or line.partner_name,
        "address": _address(address),
        "details": list(conf.settings.VENDOR_DETAILS),
    }


def _member(order: Order, subscription: Subscription) -> MemberFacts:
    billing: Address | None = order.billing_address
    user: User | None = order.user
    names = [
        billing.name if billing is not None else "",
        user.get_full_name() if user is not None else "",
        subscription.member_name,
        subscription.member_email,
    ]
    name = next((name.strip() for name in names if name and name.strip()), "")
    return {"name": name, "address": _address(billing)}


def _address(address: Address | None) -> list[str]:
    if address is None:
        return []
    city = f"{address.postcode or ''} {address.line4 or ''}"
    country = str(address.country) if address.country_id else ""
    lines = [address.line1, address.line2, address.line3, city, address.state, country]
    return [line.strip() for line in lines if line and line.strip()]


def _lines(order: Order, rows: list[OrderLine]) -> list[LineFacts]:
    """The order's lines after discounts, then surcharges and shipping."""
    lines: list[LineFacts] = [
        {
            "title": line.title,
            "quantity": line.quantity,
            "net": str(line.line_price_excl_tax),
            "gross": str(line.line_price_incl_tax),
            "discount": str(line.discount_incl_tax),
        }
        for line in rows
    ]
    extras: list[tuple[str, Decimal, Decimal]] = [
        (charge.name, charge.excl_tax, charge.incl_tax) for charge in order.surcharges.all()
    ]
    if order.shipping_incl_tax:
        extras += [(order.shipping_method, order.shipping_excl_tax, order.shipping_incl_tax)]
    return lines + [
        {"title": title, "quantity": 1, "net": str(net), "gross": str(gross), "discount": "0.00"}
        for title, net, gross in extras
    ]


def _stated_rate(order: Order, line: OrderLine) -> Decimal | None:
    """The rate of the plan, kept with the order; without a consent, what the strategy states."""
    consent: Consent | None = getattr(order, "subscription_consent", None)
    if consent is not None:
        return consent.tax_rate
    strategy: Strategy = get_class("partner.strategy", "Selector")().strategy(user=order.user)
    return vat.stated_rate(strategy, line.product, line.stockrecord)


def _sources(order: Order) -> list[Source]:
    """The sources of the payment, until they make up the total: whatever came later, such as a
    second payment of the order, is another payment."""
    rows: Iterable[Source] = order.sources.select_related("source_type").order_by("pk")
    found: list[Source] = []
    missing = order.total_incl_tax
    for source in rows:
        if missing > 0:
            found.append(source)
            missing -= max(source.amount_allocated, source.amount_debited)
    return found


def _named(source: Source) -> str:
    """The payment method and the provider's reference, as Oscar shows them."""
    return f"{source.source_type.name} {source.reference}".strip()


def _day(moment: datetime) -> str:
    return timezone.localdate(moment, timezone.get_default_timezone()).isoformat()

"""The words of a receipt, in its own language: every text, day and amount, ready to be printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from oscar.templatetags.currency_filters import currency

from oscar_subscriptions.receipts.snapshot import Facts, LineFacts, MemberFacts, VendorFacts

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, Receipt, Source


@dataclass(frozen=True)
class Party:
    """Vendor or member: the ``heading`` above, the ``name``, and the ``lines`` below it."""

    heading: str
    name: str
    lines: list[str]


@dataclass(frozen=True)
class Line:
    """An item of the order, with lines of ``details`` below it and its amounts in words."""

    title: str
    details: list[str]
    net: str
    tax: str
    gross: str


@dataclass(frozen=True)
class Wording:
    """A receipt in words.

    Attributes:
        language: code of its language.
        title: kind of document and number.
        issued: when it was issued.
        parties: vendor and member.
        facts: pairs of a label and a value: order, day of the payment, its reference.
        headings: of the columns of ``lines``.
        lines: the items that were paid.
        totals: pairs of a label and an amount; the last is the total that was paid.
        notes: sentences at the end, such as a later refund.
    """

    language: str
    title: str
    issued: str
    parties: tuple[Party, Party]
    facts: list[tuple[str, str]]
    headings: tuple[str, str, str, str]
    lines: list[Line]
    totals: list[tuple[str, str]]
    notes: list[str]


def wording_of(receipt: Receipt) -> Wording:
    """Return the words of ``receipt`` in the language it was issued in, whichever is active."""
    facts: Facts = receipt.facts
    with translation.override(facts["language"]):
        return Wording(
            language=facts["language"],
            title=_("Receipt %(number)s") % {"number": receipt.number},
            issued=_("Issued on %(day)s") % {"day": date_format(receipt.issued_on, "DATE_FORMAT")},
            parties=(_vendor(facts["vendor"]), _member(facts["member"])),
            facts=_facts(facts),
            headings=(_("What was paid for"), _("Excl. VAT"), _("VAT"), _("Incl. VAT")),
            lines=[_line(line, facts) for line in facts["lines"]],
            totals=_totals(facts),
            notes=_notes(receipt),
        )


def _vendor(vendor: VendorFacts) -> Party:
    return Party(_("Sold by"), vendor["name"], [*vendor["address"], *vendor["details"]])


def _member(member: MemberFacts) -> Party:
    return Party(_("Sold to"), member["name"], member["address"])


def _facts(facts: Facts) -> list[tuple[str, str]]:
    order = {"number": facts["order"], "day": _day(facts["ordered_on"])}
    rows = [
        (_("Order"), _("%(number)s of %(day)s") % order),
        (_("Paid on"), _day(facts["paid_on"])),
    ]
    return [*rows, (_("Payment"), facts["payment"])] if facts["payment"] else rows


def _line(line: LineFacts, facts: Facts) -> Line:
    net, gross = Decimal(line["net"]), Decimal(line["gross"])
    details = []
    if line is facts["lines"][0]:  # the plan: it is bought alone
        days = {"first": _day(facts["starts_on"]), "last": _day(facts["ends_on"])}
        details.append(_("From %(first)s to %(last)s inclusive") % days)
    if Decimal(line["discount"]):
        amount = _amount(line["discount"], facts)
        details.append(_("Discount of %(amount)s taken off") % {"amount": amount})
    title = line["title"] if line["quantity"] == 1 else f"{line['title']} × {line['quantity']}"
    return Line(
        title, details, _amount(net, facts), _amount(gross - net, facts), _amount(gross, facts)
    )


def _totals(facts: Facts) -> list[tuple[str, str]]:
    rows = [(_("Total excl. VAT"), _amount(facts["net"], facts))]
    for part in facts["vat"]:
        label = _("VAT")
        if part["rate"] is not None:
            label = _("VAT %(rate)s%% on %(net)s") % {
                "rate": number_format(Decimal(part["rate"])),
                "net": _amount(part["net"], facts),
            }
        rows.append((label, _amount(part["tax"], facts)))
    return [*rows, (_("Total paid"), _amount(facts["gross"], facts))]


def _notes(receipt: Receipt) -> list[str]:
    facts: Facts = receipt.facts
    notes = [] if facts["vat"] else [_("No VAT was charged.")]
    return notes + [
        _("Note: %(amount)s of this payment was refunded on %(day)s.")
        % {"amount": _amount(amount, facts), "day": date_format(day, "DATE_FORMAT")}
        for amount, day in _refunds(receipt.order, facts["sources"])
    ]


def _refunds(order: Order, paid: list[int]) -> list[tuple[Decimal, date]]:
    """The refunds since, as Oscar shows them: the amount of each source, and its last day.

    Args:
        paid: the primary keys of the sources that the receipt is about. Another payment of the
            order may have been refunded; that is no refund of this one.
    """
    Transaction = get_model("payment", "Transaction")
    refunds = Transaction.objects.filter(txn_type=Transaction.REFUND).order_by("-date_created")
    found = []
    sources: Iterable[Source] = order.sources.filter(pk__in=paid, amount_refunded__gt=0).order_by(
        "pk"
    )
    for source in sources:
        last = refunds.filter(source=source).first()
        if last is not None:
            day = timezone.localdate(last.date_created, timezone.get_default_timezone())
            found.append((source.amount_refunded, day))
    return found


def _amount(amount: Decimal | str, facts: Facts) -> str:
    return currency(amount, facts["currency"])


def _day(text: str) -> str:
    day = parse_date(text)
    assert day is not None, text
    return date_format(day, "DATE_FORMAT")

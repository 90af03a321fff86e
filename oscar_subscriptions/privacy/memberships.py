"""The section of the export about subscriptions: terms, automatic renewal, history.

It names no other person: an actor is "member", "shop" or "automatic".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from oscar_subscriptions import journal
from oscar_subscriptions.privacy.people import Person
from oscar_subscriptions.privacy.sections import iso

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import (
        AutoRenewal,
        JournalEntry,
        Order,
        OrderLine,
        PlannedRenewal,
        Term,
    )

# (primary key of an actor's account, name of the actor) -> "member", "shop" or "automatic".
Who = Callable[[object, str], str]


def subscriptions(person: Person) -> list[dict[str, object]]:
    """Return the subscriptions with their terms, consents to automatic renewal, and history."""
    rows = person.subscriptions().select_related("plan__product")
    rows = rows.prefetch_related(
        "terms__order_line__order",
        "auto_renewals__terms_of_sale",
        "auto_renewals__order",
        "auto_renewals__planned__order",
        "journal",
    )
    who = _who_for(person)
    return [
        {
            "plan": row.plan.title,
            "name": row.member_name,
            "email": row.member_email,
            "language": row.language,
            "created_at": iso(row.created_at),
            "terms": [_term(term) for term in row.terms.all()],
            "automatic_renewal": [_auto_renewal(one, who) for one in row.auto_renewals.all()],
            "journal": [_journal_line(line, who) for line in row.journal.all()],
        }
        for row in rows
    ]


def _term(term: Term) -> dict[str, object]:
    line: OrderLine | None = term.order_line
    return {
        "plan": term.plan_title,
        "first_day": iso(term.starts_on),
        "last_day": iso(term.ends_on),
        "last_day_of_grace": iso(term.covered_until),
        "listing_limit": term.listing_limit,
        "order": None if line is None else line.order.number,
        "price": None if term.price is None else str(term.price),
        "currency": term.currency,
        "grant_reason": term.grant_reason,
        "revoked_at": iso(term.revoked_at),
        "suspended_at": iso(term.suspended_at),
        "created_at": iso(term.created_at),
    }


def _auto_renewal(consent: AutoRenewal, who: Who) -> dict[str, object]:
    return {
        "plan": consent.plan_title,
        "name": consent.member_name,
        "email": consent.member_email,
        "accepted_at": iso(consent.accepted_at),
        "order": _number(consent.order),
        "text": consent.text,
        "terms_of_sale": consent.terms_of_sale.version,
        "language": consent.terms_of_sale.language,
        "price": str(consent.price),
        "currency": consent.currency,
        "months": consent.months,
        "ended_at": iso(consent.ended_at),
        "ended_by": None
        if consent.ended_at is None
        else who(consent.ended_by_id, consent.ended_by_name),
        "end_reason": consent.end_reason,
        "announced": [_announced(planned) for planned in consent.planned.all()],
    }


def _announced(planned: PlannedRenewal) -> dict[str, object]:
    return {
        "announced_at": iso(planned.created_at),
        "charged_from": iso(planned.charge_on),
        "price": str(planned.price),
        "currency": planned.currency,
        "months": planned.months,
        "status": planned.status,
        "order": _number(planned.order),
        "problem": planned.problem,
    }


def _number(order: Order | None) -> str | None:
    return None if order is None else order.number


def _journal_line(line: JournalEntry, who: Who) -> dict[str, object]:
    detail: dict[str, object] = line.detail
    if line.kind == journal.HANDED_OVER:  # names the other member as well
        detail = {name: value for name, value in detail.items() if name not in ("from", "to")}
    return {
        "at": iso(line.at),
        "what": line.kind,
        "detail": detail,
        "reason": line.reason,
        "by": who(line.actor_id, line.actor_name),
    }


def _who_for(person: Person) -> Who:
    user, signatures = person.user, person.actor_names()

    def who(actor_id: object, name: str) -> str:
        is_member = name in signatures if user is None else actor_id == user.pk
        return "member" if is_member else "shop" if name else "automatic"

    return who

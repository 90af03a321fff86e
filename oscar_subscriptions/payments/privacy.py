"""A member's payments and payment method in the export, and the payments that must be settled
before the member can be anonymised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments.abstract_models.attempts import DUE
from oscar_subscriptions.payments.provider import money
from oscar_subscriptions.payments.reversals import policy
from oscar_subscriptions.privacy import Person
from oscar_subscriptions.privacy.sections import iso

if TYPE_CHECKING:
    from oscar_subscriptions.payments.abstract_models import AttemptQuerySet
    from oscar_subscriptions.payments.models import Reversal


def payments(person: Person) -> list[dict[str, object]]:
    """Export the attempts to collect the member's money, with their refunds and disputes."""
    rows = _attempts(person).select_related("order").prefetch_related("reversals")
    return [
        {
            "order": row.order.number,
            "reference": str(row.reference),
            "status": row.status,
            "amount": _major(row.amount, row.currency),
            "received": None if row.received is None else _major(row.received, row.currency),
            "currency": row.currency,
            "problem": row.problem,
            "session": row.session_id,
            "payment": row.payment_intent_id,
            "charge": row.charge_id,
            "created_at": iso(row.created_at),
            "reversals": [_reversal(reversal) for reversal in row.reversals.all()],
        }
        for row in rows
    ]


def payment_methods(person: Person) -> list[dict[str, object]]:
    """Export the provider's ids of the member's payment method; a deleted account has none."""
    if person.user is None:
        return []
    rows = registered_payments.StoredPaymentMethod.objects.filter(user=person.user)
    return [
        {
            "customer": row.customer_id,
            "payment_method": row.payment_method_id,
            "is_live": row.livemode,
            "changed_at": iso(row.updated_at),
        }
        for row in rows.order_by("pk")
    ]


def open_money(person: Person) -> Iterator[str]:
    """Yield, in the active language, the payments under way and the disputes that are not over."""
    attempts = _attempts(person)
    undecided = attempts.filter(Q(status="open") | DUE)
    for number in undecided.values_list("order__number", flat=True).distinct():
        yield _("A payment of order %(number)s is under way.") % {"number": number}
    disputes = registered_payments.Reversal.objects.filter(
        attempt__in=attempts, kind=policy.DISPUTE
    )
    going_on = disputes.exclude(status__in=policy.CLOSED).order_by("pk")
    for number in going_on.values_list("attempt__order__number", flat=True).distinct():
        yield _("A payment of order %(number)s is disputed.") % {"number": number}


def _attempts(person: Person) -> AttemptQuerySet:
    attempts = registered_payments.Attempt.objects
    return attempts.filter(order__in=person.orders()).order_by("pk")


def _reversal(reversal: Reversal) -> dict[str, object]:
    return {
        "id": reversal.provider_id,
        "kind": reversal.kind,
        "status": reversal.status,
        "amount": _major(reversal.amount, reversal.currency),
        "currency": reversal.currency,
        "created_at": iso(reversal.created_at),
    }


def _major(units: int, currency: str) -> str:
    return str(money.major_units(units, currency))

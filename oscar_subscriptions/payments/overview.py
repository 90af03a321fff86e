"""Payments of orders, with their refunds and disputes, as operators read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oscar_subscriptions import gateway
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments.provider.money import major_units
from oscar_subscriptions.payments.reversals import policy

if TYPE_CHECKING:
    from oscar_subscriptions.payments.models import Attempt, Reversal
    from oscar_subscriptions.protocols import Order

BADGES = {"paid": "success", "open": "primary", "refused": "danger"}

# The provider's own words; an unknown word is shown as it is.
REVERSAL_STATUSES = {
    "pending": gettext_lazy("under way"),
    "requires_action": gettext_lazy("waits for the member"),
    "succeeded": pgettext_lazy("refund", "done"),
    "failed": gettext_lazy("failed"),
    "canceled": pgettext_lazy("refund", "cancelled"),
    "warning_needs_response": gettext_lazy("inquiry: needs an answer"),
    "warning_under_review": gettext_lazy("inquiry: answered"),
    "warning_closed": gettext_lazy("inquiry: closed"),
    "needs_response": gettext_lazy("needs an answer"),
    "under_review": gettext_lazy("answered, the bank decides"),
    "won": gettext_lazy("won"),
    "lost": gettext_lazy("lost"),
    "prevented": gettext_lazy("prevented"),
}


def payments_of(orders: Iterable[Order]) -> dict[int, list[gateway.Payment]]:
    """See :meth:`oscar_subscriptions.gateway.Gateway.payments_of`."""
    found: dict[int, list[gateway.Payment]] = {}
    attempts = registered_payments.Attempt.objects.filter(order__in=orders).order_by("-pk")
    for attempt in attempts.prefetch_related("reversals"):
        found.setdefault(attempt.order_id, []).append(_payment(attempt))
    return found


def orders_of(provider_id: str) -> list[int]:
    """See :meth:`oscar_subscriptions.gateway.Gateway.orders_of`. Each id is looked up in its own
    index; a word that begins like none of them asks nothing."""
    kind = provider_id.partition("_")[0]
    attempts, reversals = registered_payments.Attempt.objects, registered_payments.Reversal.objects
    fields = {"cs": "session_id", "pi": "payment_intent_id", "ch": "charge_id", "py": "charge_id"}
    if kind in fields:
        attempts_found = attempts.filter(**{fields[kind]: provider_id})
        return sorted(set(attempts_found.values_list("order", flat=True)))
    if kind in ("re", "pyr", "du", "dp"):
        reversals_found = reversals.filter(provider_id=provider_id)
        return sorted(set(reversals_found.values_list("attempt__order", flat=True)))
    return []


def _payment(attempt: Attempt) -> gateway.Payment:
    ids = (attempt.session_id, attempt.payment_intent_id, attempt.charge_id)
    received = None if attempt.received == attempt.amount else attempt.received
    return gateway.Payment(
        name=name_of(attempt),
        created_at=attempt.created_at,
        status=attempt.get_status_display(),
        badge=BADGES.get(attempt.status, "secondary"),
        amount=major_units(attempt.amount, attempt.currency),
        received=None if received is None else major_units(received, attempt.currency),
        currency=attempt.currency,
        provider_ids=[one for one in ids if one],
        problem=attempt.problem,
        is_refundable=left(attempt) > 0,
        reversals=[_reversal(row) for row in attempt.reversals.all()],
    )


def name_of(attempt: Attempt) -> str:
    """Return what kind of payment ``attempt`` is, in the active language."""
    if attempt.is_surplus:
        return _("Second payment")
    return _("Automatic payment") if attempt.is_off_session else _("Payment")


def _reversal(row: Reversal) -> gateway.Reversal:
    return gateway.Reversal(
        name=row.get_kind_display(),
        created_at=row.created_at,
        status=str(REVERSAL_STATUSES.get(row.status, row.status)),
        amount=major_units(row.amount, row.currency),
        currency=row.currency,
        provider_id=row.provider_id,
        is_money_gone=row.is_money_gone,
        reason=row.reason,
    )


def refunded(attempt: Attempt) -> int:
    """Return how much of ``attempt`` was refunded, or is under way, in minor units."""
    rows = attempt.reversals.all()
    made = [one for one in rows if one.kind == policy.REFUND and one.status not in policy.NO_REFUND]
    return sum(one.amount for one in made)


def left(attempt: Attempt) -> int:
    """Return how much of ``attempt`` can be refunded, in minor units; its reversals are best
    prefetched."""
    if attempt.status not in attempt.SETTLED or not attempt.payment_intent_id:
        return 0
    disputes = [one for one in attempt.reversals.all() if one.kind == policy.DISPUTE]
    # What is disputed the provider does not refund: it would go back twice.
    if any(one.is_money_gone or not one.is_over for one in disputes):
        return 0
    return (attempt.received or 0) - refunded(attempt)

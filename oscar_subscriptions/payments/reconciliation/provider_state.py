"""Fetch what the provider knows about one attempt; no lock is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from oscar_subscriptions.payments.provider import intents, refunds, sessions
from oscar_subscriptions.payments.provider.fields import ProviderObject, amount, get, id_of
from oscar_subscriptions.payments.reversals.policy import DISPUTE, REFUND

if TYPE_CHECKING:
    from oscar_subscriptions.payments.models import Attempt

# A status of our own: an unreadable reversal counts as money in danger, like an unknown status.
UNREADABLE = "unreadable"


@dataclass(frozen=True)
class ReportedReversal:
    """A refund or dispute, read from the provider; amounts in minor units of ``currency``."""

    provider_id: str
    kind: str
    status: str
    amount: int
    currency: str
    is_money_gone: bool
    reason: str = ""
    evidence_due: date | None = None  # the last day on which a dispute can be answered


@dataclass(frozen=True)
class ProviderState:
    """The provider's answer.

    Attributes:
        session_or_intent: the Checkout Session of a hosted attempt, the PaymentIntent of an
            off-session attempt; ``None`` if the provider does not know it.
        reversals: refunds and disputes of its payment; ``None`` if they were not asked for.
    """

    session_or_intent: ProviderObject | None
    reversals: list[ReportedReversal] | None = None


def fetch(attempt: Attempt, *, thorough: bool) -> ProviderState:
    """Ask the provider about ``attempt``. Called outside any transaction.

    Args:
        attempt: has a ``provider_id``.
        thorough: ask for refunds and disputes even if the charge does not mention any.

    Raises:
        client.ProviderUnavailableError: no answer.
    """
    thing: ProviderObject | None
    payment: object
    if attempt.is_off_session:
        thing = payment = intents.fetch_intent(attempt.provider_id)
        payment_id = attempt.provider_id
    else:
        thing = sessions.fetch_session(attempt.provider_id)
        payment = get(thing, "payment_intent")
        payment_id = id_of(thing, "payment_intent")
    if not payment_id or not (thorough or _may_be_reversed(payment)):
        return ProviderState(thing)
    return ProviderState(thing, [read_reversal(one) for one in refunds.fetch_reversals(payment_id)])


def _may_be_reversed(payment: object) -> bool:
    """Whether the charge mentions a refund or dispute, or does not exclude one."""
    charge = get(payment, "latest_charge")
    if charge is None:
        return False
    return get(charge, "amount_refunded") != 0 or get(charge, "disputed") is not False


def read_reversal(thing: ProviderObject) -> ReportedReversal:
    """Read a refund or dispute; what can't be read counts as money in danger."""
    is_refund = get(thing, "object") == "refund"
    status, money = get(thing, "status"), amount(thing, "amount")
    if is_refund and status is None:
        status = "pending"  # Stripe may leave it empty while the refund is under way
    if not isinstance(status, str) or not status or money is None:
        status = UNREADABLE
    return ReportedReversal(
        provider_id=str(thing["id"]),
        kind=REFUND if is_refund else DISPUTE,
        status=status[:64],
        amount=money or 0,
        currency=str(get(thing, "currency") or "").upper()[:12],
        is_money_gone=not is_refund and _taken(thing),
        reason=str(get(thing, "reason") or "")[:255],
        evidence_due=_day(get(get(thing, "evidence_details"), "due_by")),
    )


def _day(seconds: object) -> date | None:
    """The last whole day (shop timezone) before the moment ``seconds`` (Unix time)."""
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        return None
    moment = datetime.fromtimestamp(seconds, UTC)
    return timezone.localdate(moment, timezone.get_default_timezone()) - timedelta(days=1)


def _taken(dispute: ProviderObject) -> bool:
    """Whether ``dispute`` took more from the shop than it gave back; true if that can't be read."""
    entries = get(dispute, "balance_transactions")
    if not isinstance(entries, list):
        return True
    amounts = [get(entry, "amount") for entry in entries]
    known = [units for units in amounts if isinstance(units, int)]
    return len(known) < len(amounts) or sum(known) < 0

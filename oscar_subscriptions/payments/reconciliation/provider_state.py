"""What the provider knows about one attempt, asked for with no lock held."""

from dataclasses import dataclass
from typing import Any

from oscar_subscriptions.payments.provider import intents, refunds, sessions
from oscar_subscriptions.payments.provider.fields import amount, get, id_of
from oscar_subscriptions.payments.reversals.policy import DISPUTE, REFUND

# A status of our own: what can't be read counts as money in danger, like a status nobody knows.
UNREADABLE = "unreadable"


@dataclass(frozen=True)
class ReportedReversal:
    """A refund or dispute; see ``reversals.Reported``. Amounts in minor units of ``currency``."""

    provider_id: str
    kind: str
    status: str
    amount: int
    currency: str
    is_money_gone: bool
    reason: str = ""


@dataclass(frozen=True)
class ProviderState:
    """The provider's answer.

    Attributes:
        session_or_intent: the Checkout Session of a hosted attempt, the PaymentIntent of an
            off-session one; ``None`` if the provider knows neither.
        reversals: refunds and disputes of its payment; ``None`` if nothing pointed to any.
    """

    session_or_intent: Any
    reversals: list[ReportedReversal] | None = None


def fetch(attempt: Any, *, thorough: bool) -> ProviderState:
    """Ask the provider about ``attempt``, which it knows.

    Args:
        thorough: ask for refunds and disputes even if the charge does not mention any.

    Raises:
        provider.ProviderUnavailableError: no answer.
    """
    if attempt.is_off_session:
        thing = payment = intents.fetch_intent(attempt.payment_intent_id)
        payment_id = attempt.payment_intent_id
    else:
        thing = sessions.fetch_session(attempt.session_id)
        payment = get(thing, "payment_intent")
        payment_id = id_of(thing, "payment_intent")
    if not payment_id or not (thorough or _may_be_reversed(payment)):
        return ProviderState(thing)
    return ProviderState(thing, [_read(one) for one in refunds.fetch_reversals(payment_id)])


def _may_be_reversed(payment: Any) -> bool:
    """Whether the charge mentions a refund or a dispute, or does not say that there is none."""
    charge = get(payment, "latest_charge")
    if charge is None:
        return False
    return get(charge, "amount_refunded") != 0 or get(charge, "disputed") is not False


def _read(thing: Any) -> ReportedReversal:
    is_refund = get(thing, "object") == "refund"
    status, money = get(thing, "status"), amount(thing, "amount")
    if is_refund and status is None:
        status = "pending"  # Stripe may leave it empty: the refund is under way then
    if not isinstance(status, str) or not status or money is None:
        status = UNREADABLE
    return ReportedReversal(
        provider_id=thing["id"],
        kind=REFUND if is_refund else DISPUTE,
        status=status[:64],
        amount=money or 0,
        currency=str(get(thing, "currency") or "").upper()[:12],
        is_money_gone=not is_refund and _taken(thing),
        reason=str(get(thing, "reason") or "")[:255],
    )


def _taken(dispute: Any) -> bool:
    """Whether more was taken from the shop for ``dispute`` than given back, for all we know."""
    try:
        return sum(entry["amount"] for entry in dispute["balance_transactions"]) < 0
    except (KeyError, TypeError):
        return True

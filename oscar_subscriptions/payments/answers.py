"""What the provider knows about one attempt, asked for with no lock held."""

from dataclasses import dataclass
from typing import Any

from oscar_subscriptions.payments import provider
from oscar_subscriptions.payments.reversals import DISPUTE, REFUND


@dataclass(frozen=True)
class Reported:
    """A refund or dispute; see ``reversals.Reported``. Amounts in minor units of ``currency``."""

    provider_id: str
    kind: str
    status: str
    amount: int
    currency: str
    is_money_gone: bool
    reason: str = ""


@dataclass(frozen=True)
class Answer:
    """The provider's answer.

    Attributes:
        thing: the Checkout Session of a hosted attempt, the PaymentIntent of an off-session one;
            ``None`` if the provider knows none such.
        reversals: refunds and disputes of its payment; ``None`` if nothing pointed to any.
    """

    thing: Any
    reversals: list[Reported] | None = None


def fetch(attempt: Any, *, thorough: bool) -> Answer:
    """Ask the provider about ``attempt``, which it knows.

    Args:
        thorough: ask for refunds and disputes even if the charge does not mention any.

    Raises:
        provider.ProviderUnavailable: no answer.
    """
    if attempt.is_off_session:
        thing = payment = provider.fetch_intent(attempt.payment_intent_id)
    else:
        thing = provider.fetch_session(attempt.session_id)
        payment = thing["payment_intent"] if thing is not None else None
    payment_id = payment if isinstance(payment, str) or payment is None else payment["id"]
    if payment_id is None or not (thorough or _is_reversed(payment)):
        return Answer(thing)
    return Answer(thing, [_read(one) for one in provider.fetch_reversals(payment_id)])


def _is_reversed(payment: Any) -> bool:
    charge = None if isinstance(payment, str) else payment["latest_charge"]
    if charge is None or isinstance(charge, str):
        return False
    return bool(charge["amount_refunded"] or charge["disputed"])


def _read(thing: Any) -> Reported:
    is_refund = thing["object"] == "refund"
    return Reported(
        provider_id=thing["id"],
        kind=REFUND if is_refund else DISPUTE,
        # Stripe may leave a refund's status empty; it is under way then.
        status=thing["status"] or "pending",
        amount=thing["amount"],
        currency=thing["currency"].upper(),
        is_money_gone=not is_refund and _taken(thing),
        reason=(thing["reason"] or "")[:255],
    )


def _taken(dispute: Any) -> bool:
    """Whether more was taken from the shop for ``dispute`` than given back."""
    return sum(entry["amount"] for entry in dispute["balance_transactions"]) < 0

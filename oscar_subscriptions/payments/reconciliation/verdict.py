"""What a session, or a payment, of the provider means for an attempt of ours. Pure: values in, a
verdict out.

Whatever is missing, unknown or new means "not paid": the rule fails closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from oscar_subscriptions.payments.provider.fields import get

OPEN, PENDING, PAID, REFUSED, EXPIRED = "open", "pending", "paid", "refused", "expired"


class Expected(Protocol):
    """What we asked the provider to collect."""

    reference: Any
    session_id: str | None
    payment_intent_id: str
    amount: int
    currency: str
    livemode: bool


@dataclass(frozen=True)
class Verdict:
    """The status that an attempt has by now.

    Attributes:
        status: ``open``, ``pending`` (the page is done, the bank has not answered yet), ``paid``,
            ``refused`` or ``expired``.
        problem: what does not match, for ``refused``; what the bank said, for ``expired``.
    """

    status: str
    problem: str = ""


def verdict_on_session(session: Mapping[str, Any], expected: Expected) -> Verdict:
    """Compare the provider's session with the attempt that it belongs to.

    Args:
        session: a Checkout Session as retrieved now, its ``payment_intent`` expanded or not.
        expected: the attempt.
    """
    status, payment = get(session, "status"), get(session, "payment_status")
    if status == "complete" and payment in ("paid", "no_payment_required"):
        problem = _mismatch(session, expected)
        return Verdict(REFUSED, problem) if problem else Verdict(PAID)
    if status == "expired" and payment == "unpaid":
        return Verdict(EXPIRED)
    if status == "complete" and payment == "unpaid":
        return Verdict(EXPIRED if _has_failed(session) else PENDING)
    return Verdict(OPEN)


def verdict_on_intent(intent: Mapping[str, Any], expected: Expected) -> Verdict:
    """Compare the provider's payment with the off-session attempt that it belongs to.

    A payment that its bank has refused is not over: it could be confirmed again. It is once the
    shop has cancelled it.

    Args:
        intent: a PaymentIntent as retrieved now.
        expected: the attempt.
    """
    status = get(intent, "status")
    if status == "succeeded":
        about = get(intent, "metadata") or {}
        problem = _difference(
            {
                "payment": (get(intent, "id"), expected.payment_intent_id),
                "reference": (get(about, "attempt"), str(expected.reference)),
                "amount": (get(intent, "amount_received"), expected.amount),
                "currency": (str(get(intent, "currency")).upper(), expected.currency.upper()),
                "livemode": (get(intent, "livemode"), expected.livemode),
            }
        )
        return Verdict(REFUSED, problem) if problem else Verdict(PAID)
    if status == "canceled":
        return Verdict(EXPIRED, refusal(intent))
    return Verdict(PENDING if status == "processing" else OPEN)


def refusal(intent: Mapping[str, Any]) -> str:
    """Return the bank's word for why it refused the last try; empty if it did not."""
    error = get(intent, "last_payment_error") or {}
    return str(get(error, "decline_code") or get(error, "code") or "")


def _mismatch(session: Mapping[str, Any], expected: Expected) -> str:
    found = {
        "session": (get(session, "id"), expected.session_id),
        "reference": (get(session, "client_reference_id"), str(expected.reference)),
        "amount": (get(session, "amount_total"), expected.amount),
        "currency": (str(get(session, "currency")).upper(), expected.currency.upper()),
        "livemode": (get(session, "livemode"), expected.livemode),
    }
    if problem := _difference(found):
        return problem
    if get(session, "payment_status") == "no_payment_required" and expected.amount:
        return "the provider collected nothing"
    return ""


def _difference(found: dict[str, tuple[Any, Any]]) -> str:
    for what, (theirs, ours) in found.items():
        if theirs != ours:
            return f"{what}: the provider has {theirs!r}, the order {ours!r}"
    return ""


def _has_failed(session: Mapping[str, Any]) -> bool:
    """Whether a slow payment method (a debit, a transfer) has failed for good."""
    intent = get(session, "payment_intent")
    if intent is None or isinstance(intent, str):
        return False
    return get(intent, "status") in ("requires_payment_method", "canceled")

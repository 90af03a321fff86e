"""Derive the status of an attempt from its session or payment. Pure: values in, a verdict out.

A missing, unknown or new value means "not paid": the rule fails closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from oscar_subscriptions.payments.provider.fields import ProviderObject, get

if TYPE_CHECKING:
    import uuid

OPEN, PENDING, PAID, REFUSED, EXPIRED = "open", "pending", "paid", "refused", "expired"


class Expected(Protocol):
    """What the shop asked the provider to collect; ``amount`` in minor units."""

    @property
    def reference(self) -> uuid.UUID: ...
    @property
    def session_id(self) -> str | None: ...
    @property
    def payment_intent_id(self) -> str: ...
    @property
    def amount(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def livemode(self) -> bool: ...


@dataclass(frozen=True)
class Verdict:
    """The status of an attempt.

    Attributes:
        status: ``open``, ``pending`` (the member is done, the bank has not answered yet), ``paid``,
            ``refused`` or ``expired``.
        problem: the difference, if ``refused``; the bank's reason, if ``expired``.
    """

    status: str
    problem: str = ""


def verdict_on_session(session: ProviderObject, expected: Expected) -> Verdict:
    """Compare the provider's session with its attempt.

    Args:
        session: a Checkout Session, fetched now, its ``payment_intent`` expanded or not.
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


def verdict_on_intent(intent: ProviderObject, expected: Expected) -> Verdict:
    """Compare the provider's payment with its off-session attempt.

    A payment that the bank refused is still open, since it could be confirmed again, until the shop
    cancels it.

    Args:
        intent: a PaymentIntent, fetched now.
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


def refusal(intent: ProviderObject) -> str:
    """Return the bank's code for why it refused the last try; "" if it did not."""
    error = get(intent, "last_payment_error") or {}
    return str(get(error, "decline_code") or get(error, "code") or "")


def _mismatch(session: ProviderObject, expected: Expected) -> str:
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


def _difference(found: Mapping[str, tuple[object, object]]) -> str:
    """The first difference in ``found``, by name: the provider's value and ours; "" if none."""
    for what, (theirs, ours) in found.items():
        if theirs != ours:
            return f"{what}: the provider has {theirs!r}, the order {ours!r}"
    return ""


def _has_failed(session: ProviderObject) -> bool:
    """Whether a slow payment method (a debit, a transfer) has failed for good."""
    # Without the payment, or not expanded, it has no status.
    return get(get(session, "payment_intent"), "status") in ("requires_payment_method", "canceled")

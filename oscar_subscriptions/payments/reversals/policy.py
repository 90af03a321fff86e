"""The effect of refunds and disputes on the term that was paid for. Pure: values in, an effect out.

The status words are Stripe's (https://docs.stripe.com/api/refunds/object#refund_object-status and
https://docs.stripe.com/api/disputes/object#dispute_object-status). An unknown
status counts as money in danger: the rule fails closed. So does an unknown policy, a typing mistake
in the settings (``checks.policies`` reports it).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

NONE, SUSPENDED, REVOKED = "", "suspended", "revoked"
# By how much they harm the member.
SEVERITY = (NONE, SUSPENDED, REVOKED)

REFUND, DISPUTE = "refund", "dispute"
NO_REFUND = {"failed", "canceled"}
REFUNDED = {"pending", "requires_action", "succeeded"}

INQUIRY = {"warning_needs_response", "warning_under_review"}
OPEN_DISPUTE = {"needs_response", "under_review"}
# They wait for the shop's answer.
UNANSWERED = {"warning_needs_response", "needs_response"}
OVER = {"warning_closed", "prevented"}
LOST, WON = "lost", "won"
CLOSED = OVER | {LOST, WON}

REVOKE, SUSPEND, ALERT, NOTHING = "revoke", "suspend", "alert", "nothing"
RESTORE = "restore"
# For each policy, the effect on the term and whether an operator is told.
POLICIES = {
    REVOKE: (REVOKED, False),
    SUSPEND: (SUSPENDED, False),
    ALERT: (NONE, True),
    NOTHING: (NONE, False),
}
_FAIL_CLOSED = (SUSPENDED, True)
# The policy for unknown statuses; no shop can set it.
_UNKNOWN = "unknown"


class Policies(Protocol):
    """The shop's settings of the same names."""

    @property
    def FULL_REFUND_POLICY(self) -> str: ...
    @property
    def PARTIAL_REFUND_POLICY(self) -> str: ...
    @property
    def INQUIRY_POLICY(self) -> str: ...
    @property
    def OPEN_DISPUTE_POLICY(self) -> str: ...
    @property
    def LOST_DISPUTE_POLICY(self) -> str: ...
    @property
    def WON_DISPUTE_POLICY(self) -> str: ...


class ReversalFacts(Protocol):
    """A refund or dispute as the provider reports it; ``amount`` in minor units."""

    @property
    def provider_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def amount(self) -> int: ...
    @property
    def is_money_gone(self) -> bool: ...


@dataclass(frozen=True)
class Effect:
    """The joint effect of the reversals of a payment.

    Attributes:
        on_term: "", ``suspended`` or ``revoked``.
        refunded: minor units that were refunded, or are under way.
        notes: text for an operator, by a key that is the same for the same fact; "" where the sum
            of the refunds is all there is to say.
    """

    on_term: str
    refunded: int
    notes: dict[str, str]


def assess(received: int, reversals: Iterable[ReversalFacts], policies: Policies) -> Effect:
    """Return the effect of ``reversals`` on the term that ``received`` paid for.

    Args:
        received: minor units that the provider collected.
        reversals: all of the payment, in any order.
        policies: ``conf.settings``, or anything with the same names.
    """
    reversals = list(reversals)
    effects = [NONE]
    notes = {}
    for one in reversals:
        for policy in _policies_for(one, policies):
            effect, is_told = POLICIES.get(policy, _FAIL_CLOSED)
            effects.append(effect)
            if is_told:
                notes[f"{one.provider_id}-{one.status}"] = f"{one.provider_id}: {one.status}"
    refunds = [one for one in reversals if one.kind == REFUND and one.status not in NO_REFUND]
    refunded = sum(one.amount for one in refunds)
    if refunded:
        is_full = refunded >= received
        policy = policies.FULL_REFUND_POLICY if is_full else policies.PARTIAL_REFUND_POLICY
        effect, is_told = POLICIES.get(policy, _FAIL_CLOSED)
        effects.append(effect)
        if is_told:
            notes[f"refunded-{refunded}"] = ""
    return Effect(max(effects, key=SEVERITY.index), refunded, notes)


def _policies_for(one: ReversalFacts, policies: Policies) -> tuple[str, ...]:
    if one.kind == REFUND:
        return () if one.status in NO_REFUND | REFUNDED else (_UNKNOWN,)
    if one.status in INQUIRY:
        return (policies.INQUIRY_POLICY,)
    if one.status in OPEN_DISPUTE:
        return (policies.OPEN_DISPUTE_POLICY,)
    if one.status in OVER:
        # A dispute "prevented" by a refund costs the money, like a lost dispute.
        return (policies.LOST_DISPUTE_POLICY,) if one.is_money_gone else ()
    if one.status == LOST:
        return (policies.LOST_DISPUTE_POLICY,)
    if one.status == WON:
        if policies.WON_DISPUTE_POLICY == RESTORE:
            return ()
        return (policies.OPEN_DISPUTE_POLICY, ALERT)
    return (_UNKNOWN,)

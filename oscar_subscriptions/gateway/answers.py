"""What gateways answer: whether an order may be paid, what a charge came to, and its payments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

# Answers to whether an order may be paid.
YES, NOT_NOW, NO_MORE = "yes", "not-now", "no-more"
# Outcomes of a charge.
PAID, PENDING, REFUSED, GIVEN_UP = "paid", "pending", "refused", "given-up"


class UnavailableError(Exception):
    """The provider could not be reached or did not respond; nothing is known or changed."""


class RefundRefusedError(Exception):
    """The provider refuses a refund, and nothing went back; the message is its reason."""


class RefundOutdatedError(Exception):
    """What is left of a payment is not what the operator has seen: something of it went back
    meanwhile, or is disputed. Nothing was refunded now."""


@dataclass(frozen=True)
class Payability:
    """Whether an order may be paid.

    Attributes:
        answer: ``YES``; ``NOT_NOW``: an obstacle that may go, such as a plan that is off sale for
            an hour; ``NO_MORE``: paid, cancelled, too old, or replaced by a newer order.
        reason: why not, for the member, in the active language; "" if it is paid.
        nothing_charged: whether it is certain that nothing was charged for it. Not if the provider
            may hold a payment of which the shop has not heard.
    """

    answer: str
    reason: str = ""
    nothing_charged: bool = False

    @property
    def now(self) -> bool:
        """Whether it may be paid now."""
        return self.answer == YES

    @property
    def is_over(self) -> bool:
        """Whether it will never be paid any more."""
        return self.answer == NO_MORE


@dataclass(frozen=True)
class Charge:
    """The outcome of charging a member off-session.

    Attributes:
        status: ``PAID``; ``PENDING``: the bank has not responded yet; ``REFUSED``: by the bank, or
            the bank requires the member's confirmation; ``GIVEN_UP``: by the shop or the member,
            before the bank was asked.
        problem: the provider's code for why it was refused.
    """

    status: str
    problem: str = ""


@dataclass(frozen=True)
class Reversal:
    """A refund or a dispute of a payment, as operators read it.

    Attributes:
        name: its type, in the active language.
        created_at: when the shop learned of it.
        status: its status, in the active language.
        amount: in major units of ``currency`` (ISO 4217).
        provider_id: its id at the provider.
        is_money_gone: whether the provider has taken the money from the shop.
        reason: the provider's code.
    """

    name: str
    created_at: datetime
    status: str
    amount: Decimal
    currency: str
    provider_id: str
    is_money_gone: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Refundable:
    """A payment that can be refunded.

    Attributes:
        reference: names it to the gateway.
        name: its type, in the active language.
        received: the amount collected, and
        left: what of it has not been refunded and is not disputed; both in major units of
            ``currency`` (ISO 4217).
    """

    reference: str
    name: str
    received: Decimal
    left: Decimal
    currency: str


@dataclass(frozen=True)
class Payment:
    """One attempt to collect the money of an order, as operators read it.

    Attributes:
        name: its type, in the active language.
        created_at: when it was begun.
        status: its status, in the active language.
        badge: the colour of the status, by its Bootstrap name.
        amount: the amount requested, in major units of ``currency`` (ISO 4217).
        received: the amount collected, if it differs from ``amount``; otherwise ``None``.
        provider_ids: its ids at the provider, as far as they are known.
        problem: the error, if any; otherwise "".
        reversals: its refunds and disputes, oldest first.
        is_refundable: whether something of it can be refunded, see ``Gateway.refundable``.
    """

    name: str
    created_at: datetime
    status: str
    amount: Decimal
    currency: str
    badge: str = "secondary"
    received: Decimal | None = None
    provider_ids: list[str] = field(default_factory=list)
    problem: str = ""
    reversals: list[Reversal] = field(default_factory=list)
    is_refundable: bool = False

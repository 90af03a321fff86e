"""Whether an order that waits for its payment is the one that its member is about to place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oscar_subscriptions.agreements import auto_renewal

if TYPE_CHECKING:
    from oscar_subscriptions.plans.changes import Change
    from oscar_subscriptions.protocols import Order, Plan, Price, TermsOfSale


@dataclass(frozen=True)
class Shown:
    """The conditions that the member just accepted."""

    total: Price
    plan: Plan
    text: TermsOfSale
    change: Change
    renews: bool


def is_the_same(waiting: Order, shown: Shown) -> bool:
    """Return whether the waiting order has these conditions, automatic renewal included: the
    member's last choice counts, not the first."""
    consent, plan, change = waiting.subscription_consent, shown.plan, shown.change
    ordered = (consent.months, consent.listing_limit, consent.grace_days, consent.terms_of_sale_id)
    return (
        waiting.total_incl_tax == shown.total.incl_tax
        and waiting.currency == shown.total.currency
        and (consent.changes, consent.at_end) == (change.subscription, change.at_end)
        and ordered == (plan.months, plan.listing_limit, plan.grace_days, shown.text.pk)
        and auto_renewal.is_chosen_with(waiting) == shown.renews
    )

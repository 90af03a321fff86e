"""Keep a member's acceptance of the terms of sale with an order, as evidence."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans.changes import TODAY, Change
from oscar_subscriptions.plans.previews import preview_change

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Consent, Order, Plan, TermsOfSale, User


def keep_consent(
    order: Order,
    plan: Plan,
    user: User,
    text: TermsOfSale,
    change: Change = TODAY,
    *,
    accepted_at: datetime | None = None,
) -> Consent:
    """Write the consent for an order that is being placed, with the plan's conditions today.

    Args:
        order: the order; called in the transaction that places it.
        plan: the plan that it buys.
        user: the member.
        text: the accepted terms of sale.
        change: how the plan begins.
        accepted_at: when the member accepted them; default: now.
    """
    assert transaction.get_connection().in_atomic_block
    span = preview_change(plan, user, change)
    return registered.Consent.objects.create(
        order=order,
        terms_of_sale=text,
        accepted_at=accepted_at or timezone.now(),
        plan=plan,
        months=plan.months,
        listing_limit=plan.listing_limit,
        grace_days=plan.grace_days,
        changes=change.subscription,
        at_end=change.at_end,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
    )

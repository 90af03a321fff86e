"""Keep a member's acceptance of the terms of sale with an order, as evidence."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_class

from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans.changes import TODAY, Change
from oscar_subscriptions.plans.previews import preview_change
from oscar_subscriptions.receipts import vat

if TYPE_CHECKING:
    from oscar_subscriptions.mail.held_terms import HeldTerms
    from oscar_subscriptions.protocols import (
        Basket,
        Consent,
        Order,
        OrderLine,
        Plan,
        Strategy,
        TermsOfSale,
        User,
    )


def keep_consent(
    order: Order,
    plan: Plan,
    user: User,
    text: TermsOfSale,
    change: Change = TODAY,
    *,
    accepted_at: datetime | None = None,
    held: HeldTerms | None = None,
) -> Consent:
    """Write the consent for an order that is being placed, with the plan's conditions today.

    Args:
        order: the order; called in the transaction that places it.
        plan: the plan that it buys, alone.
        user: the member.
        text: the accepted terms of sale.
        change: how the plan begins.
        accepted_at: when the member accepted them; default: now.
        held: the terms of ``user``, if they have been read under the subscription's lock.
    """
    assert transaction.get_connection().in_atomic_block
    line: OrderLine = order.lines.select_related("product", "stockrecord").order_by("pk").first()
    span = preview_change(plan, user, change, held)
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
        tax_rate=vat.stated_rate(_strategy(order, user), line.product, line.stockrecord),
    )


def _strategy(order: Order, user: User) -> Strategy:
    """The strategy that has priced ``order``; it may depend on the request."""
    basket: Basket = order.basket
    if basket.has_strategy:
        return basket.strategy
    strategy: Strategy = get_class("partner.strategy", "Selector")().strategy(user=user)
    return strategy

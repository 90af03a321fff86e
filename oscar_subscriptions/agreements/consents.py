"""Keep what a member accepted with an order, as evidence."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans.changes import TODAY, Change
from oscar_subscriptions.plans.previews import preview_change


def keep(
    order: Any,
    plan: Any,
    user: Any,
    text: Any,
    change: Change = TODAY,
    *,
    accepted_at: datetime | None = None,
) -> Any:
    """Write the consent of an order that is being placed, with the conditions of today.

    Args:
        order: the order; its transaction is still open.
        plan: the ``Plan`` that it buys.
        user: the member.
        text: the ``TermsOfSale`` that were accepted.
        change: when the plan shall begin.
        accepted_at: when the member accepted it, if not with this very click.
    """
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

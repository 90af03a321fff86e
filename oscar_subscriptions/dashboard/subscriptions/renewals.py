"""The state of automatic renewal on the page of a subscription."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.loading import registered

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import (
        AutoRenewal,
        PlannedRenewal,
        Subscription,
    )


@dataclass(frozen=True)
class RenewalState:
    """Automatic renewal as operators see it.

    Attributes:
        consent: the newest, or ``None`` if the member never chose automatic renewal.
        is_in_force: whether ``consent`` counts.
        planned: the newest, or ``None``.
    """

    consent: AutoRenewal | None
    is_in_force: bool
    planned: PlannedRenewal | None


def state(subscription: Subscription) -> RenewalState:
    """Return the state of automatic renewal of ``subscription``."""
    consent = subscription.auto_renewals.select_related("terms_of_sale").order_by("-pk").first()
    planned = registered.PlannedRenewal.objects.filter(auto_renewal__subscription=subscription)
    return RenewalState(
        consent,
        consent is not None and auto_renewal.current(subscription) == consent,
        planned.select_related("order").order_by("-pk").first(),
    )

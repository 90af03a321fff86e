"""The mail that automatic renewal has stopped, and what every mail about a renewal may speak of."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail.context import shop_url
from oscar_subscriptions.mail.kinds import MailKind, register


def about_planned(
    values: dict[str, Any], facts: dict[str, Any], day: date
) -> dict[str, Any] | None:
    """Return the renewal that was announced, and where its order can be paid by hand.

    Args:
        values: unused.
        facts: ``planned``, the primary key of a ``PlannedRenewal``; without it nothing is read.
        day: unused.

    Returns:
        ``planned``, ``plan`` and ``pay_url``, "" if the order can't be paid.
    """
    if "planned" not in facts:
        return {}
    rows = registered.PlannedRenewal.objects.select_related(
        "auto_renewal__subscription__plan__product", "follows", "order"
    )
    planned = rows.get(pk=facts["planned"])
    gateway = get_gateway()
    can_be_paid = planned.order is not None and gateway.is_waiting(planned.order)
    return {
        "planned": planned,
        "plan": planned.auto_renewal.subscription.plan,
        "pay_url": shop_url() + gateway.pay_url(planned.order) if can_be_paid else "",
    }


STOPPED = register(
    "renewal-stopped",
    MailKind(
        "SUBSCRIPTIONS_RENEWAL_STOPPED",
        _("Subscription: automatic renewal stopped"),
        read=about_planned,
    ),
)

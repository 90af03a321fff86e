"""The mail that automatic renewal has stopped, and the context of all mail about renewals."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail.context import shop_url
from oscar_subscriptions.mail.kinds import MailKind, register


def about_planned(values: dict[str, object], facts: dict[str, Any], day: date) -> dict[str, Any]:
    """Return the announced renewal, and the address at which its order can be paid by hand.

    Args:
        values: unused.
        facts: ``planned``, the primary key of a ``PlannedRenewal``; without it the result is empty.
        day: unused.

    Returns:
        ``planned`` (``PlannedRenewal``), ``plan`` (``Plan``) and ``pay_url`` (absolute; "" if the
        order can't be paid).
    """
    if "planned" not in facts:
        return {}
    rows = registered.PlannedRenewal.objects.select_related(
        "auto_renewal__subscription__plan__product", "follows", "order"
    )
    planned = rows.get(pk=facts["planned"])
    gateway = get_gateway()
    pay_url = ""
    if planned.order is not None and gateway.may_be_paid(planned.order).now:
        pay_url = shop_url() + gateway.pay_url(planned.order)
    return {
        "planned": planned,
        "plan": planned.auto_renewal.subscription.plan,
        "pay_url": pay_url,
    }


STOPPED = register(
    "renewal-stopped",
    MailKind(
        "SUBSCRIPTIONS_RENEWAL_STOPPED",
        _("Subscription: automatic renewal stopped"),
        read=about_planned,
    ),
)

"""The mail that automatic renewal has stopped, and the context of all mail about renewals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail.context import shop_url
from oscar_subscriptions.mail.kinds import MailKind, register

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import PlannedRenewal


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
    if planned.order is not None and gateway.is_waiting(planned.order):
        pay_url = shop_url() + gateway.pay_url(planned.order)
    return {
        "planned": planned,
        "plan": planned.auto_renewal.subscription.plan,
        "pay_url": pay_url,
    }


def is_paid(planned: PlannedRenewal) -> bool:
    """Return whether the order of ``planned`` has given its term."""
    terms = registered.Term.objects.filter(order_line__order=planned.order_id)
    return planned.order_id is not None and terms.exists()


def _while_off(
    values: dict[str, Any], facts: dict[str, Any], day: date
) -> dict[str, object] | None:
    """Return the context of :func:`about_planned`, and of a change of plan ``is_charging``: whether
    a charge for the old plan is under way.

    ``None`` if automatic renewal is on again, or the renewal was paid after all.
    """
    found = about_planned(values, facts, day)
    planned: PlannedRenewal | None = found.get("planned")
    term = planned.follows if planned is not None else values["term"]
    if auto_renewal.is_on(term.subscription) or (planned is not None and is_paid(planned)):
        return None
    rows = registered.PlannedRenewal.objects.opened()
    under_way = rows.filter(auto_renewal__subscription=term.subscription_id, begun__gt=F("refused"))
    return found | {"is_charging": under_way.exists()}


STOPPED = register(
    "renewal-stopped",
    MailKind(
        "SUBSCRIPTIONS_RENEWAL_STOPPED",
        _("Subscription: automatic renewal stopped"),
        read=_while_off,
    ),
)

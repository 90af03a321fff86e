"""Whether an order waits for its payment, and why it can no longer be paid."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.plans import eligibility

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order


def is_waiting(order: Order) -> bool:
    """Return whether ``order`` can be paid now: attempted, not paid, not cancelled, not over.

    An order that gave its term counts as paid, with or without a paid attempt.
    """
    attempts = registered_payments.Attempt.objects.filter(order=order)
    statuses = list(attempts.order_by("pk").values_list("status", flat=True))
    if not statuses or {"paid", "refused"} & set(statuses) or statuses[-1] == "cancelled":
        return False
    return fulfilment.term_of(order) is None and not why_not_payable(order)


def why_not_payable(order: Order, moment: datetime | None = None) -> str:
    """Return why ``order`` can no longer be paid, in the active language; "" if it can.

    An order keeps its price and conditions for ``ORDER_DAYS``, and its plan must still be on offer
    to the member. An order that gave its term has no problem.

    Args:
        moment: the moment at which its age is measured; default: now.
    """
    if fulfilment.term_of(order) is not None:
        return ""
    if order.status == conf.settings.CANCELLED_STATUS:
        return _("The order is cancelled.")
    now = moment or timezone.now()
    if _asked_at(order) < now - timedelta(days=conf.settings.ORDER_DAYS):
        return _("The order is too old to be paid. Please order again.")
    plan = fulfilment.plan_for_order(order)
    return eligibility.problem_with_plan(plan, order.user) if plan is not None else ""


def _asked_at(order: Order) -> datetime:
    """When the money was last asked for: with the order, or by its newest off-session attempt."""
    attempts = registered_payments.Attempt.objects.filter(order=order)
    charged = attempts.filter(kind="off-session").order_by("-pk")
    return charged.values_list("created_at", flat=True).first() or order.date_placed

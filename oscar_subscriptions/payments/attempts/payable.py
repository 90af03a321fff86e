"""Orders that wait for their payment: which they are, and when the waiting is over."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.plans import eligibility


def is_waiting(order: Any) -> bool:
    """Tell whether ``order`` can be paid now: begun, not paid, not cancelled, not over.

    An order that gave its term is paid, by whatever means.
    """
    attempts = registered_payments.Attempt.objects.filter(order=order)
    statuses = list(attempts.order_by("pk").values_list("status", flat=True))
    if not statuses or {"paid", "refused"} & set(statuses) or statuses[-1] == "cancelled":
        return False
    return fulfilment.term_of(order) is None and not why_not_payable(order)


def why_not_payable(order: Any, moment: datetime | None = None) -> str:
    """Say why ``order`` can no longer be paid although nobody cancelled it, or return "".

    An order keeps the price and the conditions it was placed with, but not for ever; and what
    can't be bought today can't be paid today. An order that gave its term has no problem.

    ``moment``: when its age is asked; default: now.
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


def _asked_at(order: Any) -> datetime:
    """When the member was asked for the money last: at the order, or by a refused renewal."""
    attempts = registered_payments.Attempt.objects.filter(order=order)
    charged = attempts.filter(kind="off-session").order_by("-pk")
    return charged.values_list("created_at", flat=True).first() or order.date_placed

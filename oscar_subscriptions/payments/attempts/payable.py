"""Whether an order may still be paid; the one place that knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.gateway import NO_MORE, NOT_NOW, YES, Payability
from oscar_subscriptions.loading import registered, registered_payments
from oscar_subscriptions.plans import eligibility

if TYPE_CHECKING:
    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.protocols import Order, Plan


def may_be_paid(order: Order, moment: datetime | None = None) -> Payability:
    """Return whether ``order`` may be paid. See :class:`oscar_subscriptions.gateway.Payability`.

    Final: it was never begun, is paid (with or without a paid attempt), cancelled, too old
    (``ORDER_DAYS``), or the member has ordered the same plan again. Not now: the plan is not on
    offer to the member today. A page that is open already may still be paid then.

    Args:
        moment: the moment at which its age is measured; default: now.
    """
    attempts = registered_payments.Attempt.objects.filter(order=order).order_by("pk")
    known = list(attempts)
    statuses = [attempt.status for attempt in known]
    if not statuses or {"paid", "refused"} & set(statuses) or fulfilment.term_of(order) is not None:
        return Payability(NO_MORE)
    if statuses[-1] == "cancelled" or order.status == conf.settings.CANCELLED_STATUS:
        return Payability(NO_MORE, _("The order is cancelled."))
    if _end(order, known) < (moment or timezone.now()):
        return Payability(NO_MORE, _("The order is too old to be paid. Please order again."))
    certain = is_heard(known)
    plan = fulfilment.plan_for_order(order)
    if plan is None:
        return Payability(YES, nothing_charged=certain)
    if was_ordered_again(order, plan):
        return Payability(NO_MORE, _("You have ordered this subscription again since."))
    problem = eligibility.problem_with_plan(plan, order.user)
    return Payability(NOT_NOW if problem else YES, problem, certain)


def is_heard(attempts: Iterable[Attempt], asked: Attempt | None = None) -> bool:
    """Return whether the provider has told everything that it may know of ``attempts``.

    Args:
        asked: the attempt about which it has just been asked, if any.
    """
    others = [one for one in attempts if one != asked and one.provider_id]
    return not any(one.status == one.OPEN or one.is_due for one in others)


def is_too_old(order: Order, moment: datetime) -> bool:
    """Return whether the time in which ``order`` could be paid is over at ``moment``."""
    return _end(order, order.subscription_attempts.order_by("pk")) < moment


def last_day(order: Order) -> date:
    """Return the last whole day on which ``order`` can be paid, in the shop's timezone."""
    end = _end(order, order.subscription_attempts.order_by("pk"))
    return timezone.localdate(end, timezone.get_default_timezone()) - timedelta(days=1)


def was_ordered_again(order: Order, plan: Plan) -> bool:
    """Return whether the member of ``order`` has ordered ``plan`` again since."""
    newer = registered.Consent.objects.filter(plan=plan, order__pk__gt=order.pk)
    return order.user_id is not None and newer.filter(order__user=order.user_id).exists()


def _end(order: Order, attempts: Iterable[Attempt]) -> datetime:
    """``ORDER_DAYS`` after the money was last asked for: with the order, or by its newest
    off-session attempt."""
    charged = [attempt.created_at for attempt in attempts if attempt.is_off_session]
    asked_at: datetime = charged[-1] if charged else order.date_placed
    return asked_at + timedelta(days=conf.settings.ORDER_DAYS)

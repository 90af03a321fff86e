"""The member, or an operator, says no. It counts from that moment on, whatever is under way."""

import logging
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from oscar_subscriptions import gateway
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.renewals import charges, obstacles

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stopped:
    """What came of it.

    Attributes:
        was_on: whether there was anything to switch off.
        was_paid: whether a renewal had been charged before; that one stands.
        is_forgotten: whether the provider has deleted the payment method that it kept.
    """

    was_on: bool
    was_paid: bool = False
    is_forgotten: bool = False


def stop(subscription: Any, *, actor: Any, reason: str = "") -> Stopped:
    """Switch automatic renewal off, and cancel what is under way at the provider.

    Called outside of any transaction. Once it has returned, nothing is charged: a charge that was
    about to be made finds its order cancelled at the provider; one that had been made stands.
    Should the provider not answer, the next run cancels it; it charges nothing either. What is
    under way is settled first, then the payment method is forgotten.

    Args:
        actor: the member, or an operator.
        reason: an operator's words.
    """
    consent = auto_renewal.switch_off(subscription, actor=actor, reason=reason)
    if consent is None:
        return Stopped(was_on=False)
    was_paid = False
    obstacle = obstacles.Obstacle(_("Automatic renewal was switched off."))
    opened = registered.PlannedRenewal.objects.opened()
    for planned in opened.filter(auto_renewal=consent).select_related("order"):
        if planned.order is None:
            charges.drop_cancelled(planned.pk, obstacle)
            continue
        try:
            was_paid = not charges.drop(planned.pk, planned.order, obstacle) or was_paid
        except gateway.UnavailableError:
            logger.warning("Order %s not cancelled yet", planned.order.number, exc_info=True)
    user = subscription.user
    is_forgotten = user is not None and get_gateway().forget_payment_method(user)
    return Stopped(was_on=True, was_paid=was_paid, is_forgotten=is_forgotten)

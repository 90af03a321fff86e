"""Stop automatic renewal because the member or an operator says so, whatever is under way."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from oscar_subscriptions import gateway
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.renewals import charges, obstacles

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, Subscription, Visitor

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stopped:
    """The result of :func:`stop`.

    Attributes:
        was_on: whether there was anything to switch off.
        was_paid: whether a renewal had been charged before; it stands.
        is_certain: whether nothing can be charged any more. A charge may be under way whose outcome
            the provider has not told: the next run finds out, and alerts operators if it was paid.
        is_forgotten: whether the provider has deleted the stored payment method.
    """

    was_on: bool
    was_paid: bool = False
    is_certain: bool = True
    is_forgotten: bool = False


def stop(subscription: Subscription, *, actor: Visitor | None, reason: str = "") -> Stopped:
    """Switch automatic renewal off, and cancel what is under way at the provider.

    Called outside of any transaction. Once it has returned and is certain, nothing is charged: a
    charge about to be made finds its order cancelled at the provider; one that had been made
    stands. If the provider does not answer, the next run cancels the order and charges nothing. The
    payment method is forgotten last, once what is under way is settled.

    Args:
        actor: the member or an operator; ``None``: the software.
        reason: an operator's words.
    """
    assert actor is None or actor.is_authenticated  # the pages ask visitors to sign in first
    consent = auto_renewal.switch_off(subscription, actor=actor, reason=reason)
    if consent is None:
        return Stopped(was_on=False)
    was_paid, is_certain = False, True
    obstacle = obstacles.Obstacle(_("Automatic renewal was switched off."))
    opened = registered.PlannedRenewal.objects.opened()
    for planned in opened.filter(auto_renewal=consent).select_related("order"):
        order: Order | None = planned.order
        if order is None:
            charges.drop_cancelled(planned.pk, obstacle)
            continue
        try:
            if charges.cancel_and_drop(planned.pk, order, obstacle):
                continue
        except gateway.UnavailableError:
            logger.warning("Order %s not cancelled yet", order.number, exc_info=True)
        if charges.complete_paid(planned.pk):
            was_paid = True
        else:
            is_certain = False
    user = subscription.user
    is_forgotten = user is not None and get_gateway().forget_payment_method(user)
    return Stopped(True, was_paid, is_certain, is_forgotten)

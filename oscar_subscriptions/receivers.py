"""Facts that arrive as Django signals."""

from typing import Any

from django.dispatch import receiver
from oscar.apps.order.signals import order_status_changed
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment


# The sender is an instance, so the receiver is connected to every sender.
@receiver(order_status_changed, dispatch_uid="oscar_subscriptions.order_status_changed")
def fulfil_order_marked_paid(order: Any, new_status: str, **kwargs: Any) -> None:
    """Fulfil an order that staff marked as paid by hand, in a shop that wants this.

    Ignored for an order with a seller's line: whoever sells one line of an order may change its
    status, and a member could so pay his own membership with a click.
    """
    if new_status in conf.settings.PAID_ORDER_STATUSES and not _has_seller_line(order):
        fulfilment.order_paid(order)


def _has_seller_line(order: Any) -> bool:
    partners = order.lines.values("partner")
    Partner = get_model("partner", "Partner")
    return (
        get_model("oscar_subscriptions", "Seller").objects.filter(partner__in=partners).exists()
        or Partner.objects.filter(pk__in=partners, users__is_staff=False).exists()
    )

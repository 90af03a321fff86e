"""Mails to members about an order that waits for its payment."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from oscar_subscriptions import fulfilment
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.mail import outbox
from oscar_subscriptions.mail.context import shop_url
from oscar_subscriptions.mail.kinds import MailKind, register
from oscar_subscriptions.payments.attempts import payable

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, Subscription


def _while_payable(
    values: dict[str, Any], facts: dict[str, Any], day: date
) -> dict[str, object] | None:
    """Read where the order is paid and until when; ``None`` once it can't be paid any more."""
    order: Order = values["order"]
    if payable.may_be_paid(order).is_over:
        return None
    pay_url = shop_url() + get_gateway().pay_url(order)
    return {"pay_url": pay_url, "last_day": payable.last_day(order)}


def _while_cancelled(
    values: dict[str, Any], facts: dict[str, Any], day: date
) -> dict[str, object] | None:
    """``None`` if the order was paid after all; the attempts tell, or a term given otherwise."""
    order: Order = values["order"]
    statuses = [attempt.status for attempt in order.subscription_attempts.order_by("pk")]
    is_paid = {"paid", "refused"} & set(statuses) or fulfilment.term_of(order) is not None
    return None if is_paid or statuses[-1:] != ["cancelled"] else {}


UNPAID = register(
    "order-unpaid",
    MailKind(
        "SUBSCRIPTIONS_ORDER_UNPAID",
        _("Subscription: order not paid yet"),
        needs_order=True,
        read=_while_payable,
    ),
)
CANCELLED = register(
    "order-cancelled",
    MailKind(
        "SUBSCRIPTIONS_ORDER_CANCELLED",
        _("Subscription: unpaid order cancelled"),
        needs_order=True,
        read=_while_cancelled,
    ),
)


def tell(subscription: Subscription, kind: str, order: Order) -> bool:
    """Write ``kind`` about ``order``, once; the run that writes it sends it.

    Returns:
        Whether it is new.
    """
    return outbox.to_member(
        subscription, kind, f"order-{order.pk}", {"order": order.pk}, at_once=False
    )

"""A paid order becomes a term, and a term can be revoked. The story on one page:

A gateway calls :func:`order_paid` once the money of an order is confirmed. ``paid_order`` locks the
subscription, checks whether the order can give a term, and has ``ledger`` write it.
``consequences`` brings the member's seller and services in line. ``term_notices`` tells the member
by mail. ``plan_change`` carries out a paid change of plan.

What operators may do to a term are functions: ``grants`` gives, extends and hands over days,
``goodwill`` gives days to many at once and takes them back, and :func:`revoke`, :func:`suspend`,
:func:`restore` and :func:`reinstate` change how a term counts. ``transfers`` records which term has
the days of another one now, and ``clawback_alerts`` alerts operators when the money for such days
goes back.
"""

from oscar_subscriptions.fulfilment.ledger import reinstate, restore, revoke, suspend
from oscar_subscriptions.fulfilment.orders import (
    lock_for_checkout,
    lock_subscription,
    plan_for_order,
    refusal_key,
    term_of,
)
from oscar_subscriptions.fulfilment.paid_order import Fulfilment, can_be_fulfilled, order_paid

__all__ = [
    "Fulfilment",
    "can_be_fulfilled",
    "lock_for_checkout",
    "lock_subscription",
    "order_paid",
    "plan_for_order",
    "refusal_key",
    "reinstate",
    "restore",
    "revoke",
    "suspend",
    "term_of",
]

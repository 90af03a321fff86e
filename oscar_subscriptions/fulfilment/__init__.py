"""A paid order becomes a term, and its buyer a seller; a term can later be suspended or revoked.

A gateway calls :func:`order_paid` once the money of an order is confirmed. ``paid_order`` locks the
subscription, checks whether the order can give a term, and has ``ledger`` write it.
After every change to a term ``ledger`` calls ``consequences``, which creates the member's seller if
there is none yet, and puts their services into the shop or takes them out. ``term_notices`` tells
the member by mail. ``plan_change`` carries out a paid change of plan. ``orders`` finds the plan and
the term of an order.

What operators may do to a term, each a function:

- give or extend days: ``grants.grant``, ``grants.extend``
- hand over what is left, and take that back: ``handovers.hand_over``, ``handovers.take_back``
- give days to many members at once, and take them back: ``goodwill.give``, ``goodwill.undo``
- suspend a term, and let it count again: :func:`suspend`, :func:`resume`
- revoke a term, and undo that: :func:`revoke`, :func:`restore`

The last four are in ``ledger``; refunds and disputes use them too. ``transfers`` records which term
has the days of another one now, and ``clawback_alerts`` alerts operators when the money for such
days goes back.
"""

from oscar_subscriptions.fulfilment.ledger import restore, resume, revoke, suspend
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
    "restore",
    "resume",
    "revoke",
    "suspend",
    "term_of",
]

"""Hold back Oscar's ``order_placed`` until the order is committed.

Oscar sends it with plain ``send`` at the end of placing an order. A plan's order is placed in one
transaction with consent and payment attempt, where a receiver that raises would lose the order,
or leave the transaction broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from oscar.apps.order.signals import order_placed

from oscar_subscriptions.transactions import after_commit

_held_back: ContextVar[bool] = ContextVar("order_placed_held_back", default=False)
_send: Callable[..., list[tuple[object, object]]] = order_placed.send


def _send_or_hold(sender: object, **named: object) -> list[tuple[object, object]]:
    if not _held_back.get():
        return _send(sender, **named)
    after_commit(order_placed.send_robust, sender=sender, **named)
    return []


# On the signal itself, because a shop's own OrderCreator sends it too. Nothing changes outside of
# the context manager below.
order_placed.send = _send_or_hold


@contextmanager
def order_placed_on_commit() -> Iterator[None]:
    """Within the block, ``order_placed.send`` becomes ``send_robust`` after commit."""
    token = _held_back.set(True)
    try:
        yield
    finally:
        _held_back.reset(token)

"""Hold back Oscar's ``order_placed`` until the order is committed.

Oscar sends it with plain ``send`` as the last thing of placing an order. Our order is placed
inside one transaction with consent and payment attempt, and there a shop's receiver that raises
would lose the order (or, worse, break the transaction that it was promised in).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from oscar.apps.order.signals import order_placed

from oscar_subscriptions.transactions import after_commit

_held_back: ContextVar[bool] = ContextVar("order_placed_held_back", default=False)
_send = order_placed.send


def _send_or_hold(sender: Any, **named: Any) -> list[Any]:
    if not _held_back.get():
        return _send(sender, **named)
    after_commit(order_placed.send_robust, sender=sender, **named)
    return []


# On the signal itself, not in one module's namespace: a shop's own OrderCreator sends it too.
# Outside of the context manager below nothing is different.
order_placed.send = _send_or_hold


@contextmanager
def order_placed_on_commit() -> Iterator[None]:
    """Within the block, ``order_placed.send`` becomes ``send_robust`` after commit."""
    token = _held_back.set(True)
    try:
        yield
    finally:
        _held_back.reset(token)

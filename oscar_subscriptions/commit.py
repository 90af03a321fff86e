"""What happens once a transaction is committed, and can't undo it."""

from collections.abc import Callable
from typing import Any

from django.db import transaction


def after_commit(action: Callable[..., Any], *args: Any, **named: Any) -> None:
    """Call ``action(*args, **named)`` after commit; an error is logged and changes nothing.

    ``on_commit(partial(…), robust=True)`` is not robust: to log the error Django asks for the
    callable's ``__qualname__``, which a ``partial`` has not. The ``AttributeError`` would end the
    request, and the transaction's other callbacks would be lost.
    """

    def call() -> None:
        action(*args, **named)

    call.__qualname__ = getattr(action, "__qualname__", repr(action))
    transaction.on_commit(call, robust=True)

"""A shop's own receiver that raises at the term of every so-many-th order, until operators know.

A server that is killed in between, or two at once, make no difference to that.
"""

import os
import time
from typing import Any

from django.db import connection
from django.db.models.signals import post_save
from oscar.core.loading import get_model

from shop import environment as env

DIRECTORY = env.VAR / "refused"
JUST_NOW_SECONDS = 5
# "0": none.
EVERY = int(os.environ.get("SOAK_RECEIVER_RAISES", "0"))


def connect() -> None:
    """Let it hear of every term."""
    if EVERY:
        DIRECTORY.mkdir(parents=True, exist_ok=True)
        post_save.connect(_refuse, sender=get_model("oscar_subscriptions", "Term"))


def forget_untold() -> None:
    """Forget the orders at which it has just raised in a server that died before it could tell
    operators. Called when the server is dead."""
    alerts = get_model("oscar_subscriptions", "Alert").objects.exclude(order=None)
    alerted = set(alerts.values_list("order__number", flat=True))
    connection.close()  # of a thread that goes on to watch the server
    for path in DIRECTORY.glob("*"):
        if path.name not in alerted and time.time() - path.stat().st_mtime < JUST_NOW_SECONDS:
            path.unlink()


def refused() -> set[str]:
    """Return the numbers of the orders at which it raised."""
    return {path.name for path in DIRECTORY.glob("*")}


def _refuse(sender: Any, instance: Any, created: bool, **named: Any) -> None:
    order = instance.order_line and instance.order_line.order
    if not created or order is None or order.pk % EVERY:
        return
    if not get_model("oscar_subscriptions", "Alert").objects.filter(order=order).exists():
        (DIRECTORY / order.number).touch()
        raise RuntimeError(f"a shop's receiver refuses the term of order {order.number}")

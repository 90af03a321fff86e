"""Mails to sellers whose service or page staff have taken out of the shop, or let back in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail.kinds import MailKind, register

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import TakeDown


def _read(facts: dict[str, int], *, is_lifted: bool) -> dict[str, object] | None:
    rows = registered.TakeDown.objects.select_related("product", "seller__partner")
    row: TakeDown | None = rows.filter(pk=facts["take_down"]).first()
    # A service that was deleted meanwhile took its row along.
    if row is None or (row.lifted_at is not None) != is_lifted:
        return None
    return {"take_down": row, "service": row.product}


def taken_down(
    values: dict[str, object], facts: dict[str, int], day: date
) -> dict[str, object] | None:
    """As ``MailKind.read``: ``take_down``, the row, and ``service``, its product or ``None``;
    stale once it is lifted."""
    return _read(facts, is_lifted=False)


def lifted(values: dict[str, object], facts: dict[str, int], day: date) -> dict[str, object] | None:
    """As :func:`taken_down`, once it is lifted."""
    return _read(facts, is_lifted=True)


TAKEN_DOWN = register(
    "taken-down",
    MailKind("SUBSCRIPTIONS_TAKEN_DOWN", _("Subscription: taken down"), read=taken_down),
)
LIFTED = register(
    "take-down-lifted",
    MailKind("SUBSCRIPTIONS_TAKE_DOWN_LIFTED", _("Subscription: take-down lifted"), read=lifted),
)

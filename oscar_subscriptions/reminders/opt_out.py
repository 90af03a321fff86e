"""Stopping reminders: the link in each reminder, and the switch behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing
from django.utils import timezone

from oscar_subscriptions import journal
from oscar_subscriptions.loading import registered
from oscar_subscriptions.transactions import locked, transactional

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Subscription, User

# No signature contains a full stop, and addresses need not escape it.
_signer = signing.Signer(salt="oscar_subscriptions.reminders", sep=".")


def token(subscription: Subscription) -> str:
    """Return a signed text that stops the reminders of ``subscription`` without signing in."""
    return _signer.sign(str(subscription.pk))


def subscription_of(signed: str) -> Subscription | None:
    """Return the subscription of a :func:`token`, or ``None`` if it is forged or damaged."""
    try:
        pk = _signer.unsign(signed)
    except signing.BadSignature:
        return None
    rows = registered.Subscription.objects
    return rows.select_related("plan__product").filter(pk=pk).first()


@transactional
def switch(subscription: Subscription, on: bool, *, actor: User | None = None) -> None:
    """Stop the reminders of ``subscription`` or resume them; doing it twice changes nothing.

    Args:
        subscription: a ``Subscription``; its ``reminders_off_at`` is updated in place.
        on: whether its member wants them.
        actor: the user who did it; ``None``: the holder of the link in a mail.
    """
    row: Subscription = locked(registered.Subscription, subscription.pk)
    if on != (row.reminders_off_at is None):
        row.reminders_off_at = None if on else timezone.now()
        row.save(update_fields=["reminders_off_at"])
        kind = journal.REMINDERS_ON if on else journal.REMINDERS_OFF
        journal.record(row, kind, actor=actor)
    subscription.reminders_off_at = row.reminders_off_at

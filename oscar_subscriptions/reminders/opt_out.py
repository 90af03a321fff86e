"""Members who do not want to be reminded: the link in each reminder, and the switch behind it."""

from typing import Any

from django.core import signing
from django.utils import timezone

from oscar_subscriptions import journal
from oscar_subscriptions.loading import registered
from oscar_subscriptions.transactions import for_update, transactional

# A full stop is not among the characters of a signature, and stays as it is in an address.
_signer = signing.Signer(salt="oscar_subscriptions.reminders", sep=".")


def token(subscription: Any) -> str:
    """Return what proves, without signing in, that somebody got the e-mails of ``subscription``."""
    return _signer.sign(subscription.pk)


def subscription_of(signed: str) -> Any | None:
    """Return the subscription of a :func:`token`, or ``None`` for a token that is not ours."""
    try:
        pk = _signer.unsign(signed)
    except signing.BadSignature:
        return None
    rows = registered.Subscription.objects
    return rows.select_related("plan__product").filter(pk=pk).first()


@transactional
def switch(subscription: Any, on: bool, *, actor: Any = None) -> None:
    """Stop the reminders of ``subscription``, or send them again; doing it twice changes nothing.

    Args:
        subscription: a ``Subscription``.
        on: whether its member wants them.
        actor: the user who did it; ``None``: whoever had the link of an e-mail.
    """
    row = for_update(type(subscription)._default_manager.all()).get(pk=subscription.pk)
    if on != (row.reminders_off_at is None):
        row.reminders_off_at = None if on else timezone.now()
        row.save(update_fields=["reminders_off_at"])
        kind = journal.REMINDERS_ON if on else journal.REMINDERS_OFF
        journal.record(row, kind, actor=actor)
    subscription.reminders_off_at = row.reminders_off_at

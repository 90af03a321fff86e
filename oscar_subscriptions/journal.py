"""The history of a subscription: what happened, when, by whom and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from oscar_subscriptions.loading import registered

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import JournalEntry, Subscription, Term, User

TERM_STARTED = "term-started"
TERM_GRANTED = "term-granted"
HANDED_OVER = "handed-over"
CREDITED = "credited"
TERM_REVOKED = "term-revoked"
TERM_SUSPENDED = "term-suspended"
TERM_RESTORED = "term-restored"
PAYMENT_REFUSED = "payment-refused"
ACCOUNT_DELETED = "account-deleted"
ANONYMISED = "anonymised"
RENEWAL_ON = "renewal-on"
RENEWAL_OFF = "renewal-off"
RENEWAL_REFUSED = "renewal-refused"
LISTINGS_PARKED = "listings-parked"
LISTINGS_RESTORED = "listings-restored"
REMINDERS_OFF = "reminders-off"
REMINDERS_ON = "reminders-on"
TAKEN_DOWN = "taken-down"
TAKE_DOWN_LIFTED = "take-down-lifted"
EXPORTED = "exported"
RECEIPT_ISSUED = "receipt-issued"
PROVIDER_ASKED = "provider-asked"
ORDER_LINK_SENT = "order-link-sent"
REFUND_ORDERED = "refund-ordered"
REFUND_REFUSED = "refund-refused"
SHOWN_PAID = "shown-paid"
MAIL_SENT_AGAIN = "mail-sent-again"


def display_name(actor: User | None) -> str:
    """Return the recorded name of ``actor``: full name, else username; "" for ``None``."""
    return (actor.get_full_name() or actor.get_username())[:255] if actor else ""


def record(
    subscription: Subscription,
    kind: str,
    *,
    term: Term | None = None,
    detail: Mapping[str, object] | None = None,
    reason: str = "",
    actor: User | None = None,
) -> JournalEntry:
    """Append one entry.

    Args:
        subscription: the subscription whose history it is.
        kind: one of the constants of this module, or a shop's own word.
        term: the term in question, if any.
        detail: facts as JSON: dates as ISO text, money as text.
        reason: why, in the words of ``actor`` or of the software.
        actor: the user who acted; ``None``: the software.
    """
    entry = registered.JournalEntry(
        subscription=subscription,
        term=term,
        kind=kind,
        detail=detail or {},
        reason=reason[:255],
        actor=actor,
        actor_name=display_name(actor),
    )
    entry.save()
    return entry


def record_many(kind: str, details: Mapping[int, Mapping[str, object]]) -> None:
    """Append one entry of the software to each of many histories, in one statement.

    Args:
        kind: as in :func:`record`.
        details: the entry's detail by the primary key of its subscription.
    """
    registered.JournalEntry.objects.bulk_create(
        registered.JournalEntry(subscription_id=pk, kind=kind, detail=detail)
        for pk, detail in details.items()
    )

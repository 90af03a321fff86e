"""The history of a subscription: what, when, who, why."""

from typing import Any

from oscar_subscriptions.loading import registered

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


def display_name(actor: Any) -> str:
    """Return the name under which ``actor`` is recorded: full name or username; "" for ``None``."""
    return (actor.get_full_name() or actor.get_username())[:255] if actor else ""


def record(
    subscription: Any,
    kind: str,
    *,
    term: Any = None,
    detail: dict[str, Any] | None = None,
    reason: str = "",
    actor: Any = None,
) -> Any:
    """Append one line.

    Args:
        subscription: whose history.
        kind: one of the constants of this module, or a shop's own word.
        term: the term it is about, if one.
        detail: facts as JSON: dates as ISO text, money as text.
        reason: why, in the words of whoever did it.
        actor: the user who did it; ``None``: the software, by a fact or by the calendar.
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

"""Find the attempts that an object of the provider concerns. It is not proof of anything."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.sites.models import Site
from django.db.models import Q

from oscar_subscriptions import alerts
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments.provider import fields
from oscar_subscriptions.transactions import transactional

if TYPE_CHECKING:
    from oscar_subscriptions.payments.models import Attempt


def shop_name() -> str:
    """Return the shop's name in the provider's metadata; several shops may share a key."""
    return Site.objects.get_current().domain


def about(attempt: Attempt) -> dict[str, str]:
    """Return the metadata that lead from a payment at the provider to its order.

    Returns:
        ``shop``: :func:`shop_name`; ``order``: its number; ``attempt``: its reference.
    """
    return {
        "shop": shop_name(),
        "order": attempt.order.number,
        "attempt": str(attempt.reference),
    }


@transactional
def mark_due(thing: object) -> list[Attempt]:
    """Mark the attempts that ``thing`` concerns as due.

    Args:
        thing: a session, charge, refund or dispute from an event; anything else concerns none.

    Returns:
        The attempts, each with its order and the number of its question, or a lower number if
        another process has put one at the same time: then it is asked once more.
    """
    found = attempts_for(thing)
    rows = registered_payments.Attempt.objects.filter(pk__in=[one.pk for one in found])
    session_id = _session_id(thing)
    if not found:
        if session_id:
            _report_unclaimed(thing)
        return found
    rows.mark_due()
    for attempt in found:
        attempt.asked += 1
        if session_id and attempt.session_id is None:
            # The answer that held the session's id may have been lost.
            attempt.session_id, attempt.url = session_id, str(fields.get(thing, "url") or "")
            rows.filter(pk=attempt.pk, session_id__isnull=True).update(
                session_id=session_id, url=attempt.url
            )
    return found


def attempts_for(thing: object) -> list[Attempt]:
    """Return the attempts that ``thing`` concerns, with their orders; see :func:`mark_due`."""
    attempts = registered_payments.Attempt.objects.select_related("order")
    if session_id := _session_id(thing):
        reference = _uuid(fields.get(thing, "client_reference_id"))
        lost = Q(reference=reference, session_id__isnull=True) if reference else Q()
        found = list(attempts.filter(Q(session_id=session_id) | lost))
        # The attempt that knows the session, rather than one that only has its reference.
        return [one for one in found if one.session_id] or found
    if fields.get(thing, "object") == "payment_intent":
        thing = {"payment_intent": thing}
    payment_id = fields.id_of(thing, "payment_intent")
    return list(attempts.filter(payment_intent_id=payment_id)) if payment_id else []


def _session_id(thing: object) -> str:
    """The id of ``thing`` if it is a session, else ""."""
    is_session = fields.get(thing, "object") == "checkout.session"
    return fields.id_of({"session": thing}, "session") if is_session else ""


def _report_unclaimed(session: object) -> None:
    """Raise an alert if ``session`` is paid and no attempt knows it: the database was restored from
    a backup, or the attempt has another page."""
    about, session_id = fields.get(session, "metadata"), _session_id(session)
    is_paid = fields.get(session, "payment_status") == "paid"
    if is_paid and fields.get(about, "shop") == shop_name():
        line = alerts.line("unclaimed", payment=session_id, order=fields.get(about, "order"))
        alerts.raise_alert(
            alerts.UNCLAIMED_PAYMENT,
            f"session-{session_id}"[:128],
            detail={"lines": [line]},
        )


def _uuid(text: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None

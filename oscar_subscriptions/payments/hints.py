"""Which attempts an object of the provider concerns. It says where to look, never what is so."""

import uuid
from typing import Any

from django.contrib.sites.models import Site
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.conflicts import transactional


def shop_name() -> str:
    """Return what this shop calls itself in the provider's metadata: several may share a key."""
    return Site.objects.get_current().domain


def about(attempt: Any) -> dict[str, str]:
    """Return the metadata by which whoever looks at a payment of the provider finds its order."""
    return {
        "shop": shop_name(),
        "order": attempt.order.number,
        "attempt": str(attempt.reference),
    }


@transactional
def follow(thing: Any) -> list[int]:
    """Mark the attempts that ``thing`` concerns as due.

    Args:
        thing: a session, charge, refund or dispute out of an event; anything else concerns none.

    Returns:
        Their primary keys.
    """
    attempts = concerned(thing)
    attempts.hint()
    return list(attempts.values_list("pk", flat=True))


def concerned(thing: Any) -> Any:
    """Return a queryset of the attempts that ``thing`` concerns; as :func:`follow`."""
    attempts = get_model("oscar_subscriptions_payments", "Attempt").objects
    if not isinstance(thing, dict):
        return attempts.none()
    if thing.get("object") == "checkout.session":
        return _of_session(attempts, thing)
    if thing.get("object") == "payment_intent":
        thing = {"payment_intent": thing.get("id")}
    payment = thing.get("payment_intent")
    payment = payment.get("id") if isinstance(payment, dict) else payment
    if isinstance(payment, str) and payment:
        return attempts.filter(payment_intent_id=payment)
    return attempts.none()


def is_known(session: dict[str, Any]) -> bool:
    """Tell whether an attempt holds the id of ``session``."""
    attempts = get_model("oscar_subscriptions_payments", "Attempt").objects
    return attempts.filter(session_id=session["id"]).exists()


def _of_session(attempts: Any, session: dict[str, Any]) -> Any:
    session_id = session.get("id")
    if not isinstance(session_id, str) or not session_id:
        return attempts.none()
    known = attempts.filter(session_id=session_id)
    reference = _uuid(session.get("client_reference_id"))
    if reference is not None and not known.exists():
        # The answer with the session's id may have been lost on its way to us.
        lost = attempts.filter(reference=reference, session_id__isnull=True)
        lost.update(session_id=session_id, url=session.get("url") or "")
        if not attempts.filter(reference=reference).exists():
            _report_unclaimed(session)
    return known


def _report_unclaimed(session: dict[str, Any]) -> None:
    """Money for an attempt that is not in the database, such as one restored from a backup."""
    about = session.get("metadata")
    if not isinstance(about, dict) or about.get("shop") != shop_name():
        return
    if session.get("payment_status") == "paid":
        alerts.raise_alert(
            alerts.UNCLAIMED_PAYMENT,
            f"session-{session['id']}"[:128],
            reason=f"{session['id']}: {about.get('order')}",
        )


def _uuid(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except (AttributeError, TypeError, ValueError):
        return None

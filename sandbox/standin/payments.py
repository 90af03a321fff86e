"""A member pays by card. Every function is one transaction: change, events, deliveries.

Order of the events: ``payment_intent.created``, ``charge.…``, ``payment_intent.…``,
``checkout.session.completed``.
"""

from . import disputes, sessions
from .attempts import begin, captured, new_charge, refuse, save_method
from .cards import DECLINES
from .events import emit


class Declined(Exception):
    """The bank said no; the session stays open. ``reason`` is a key of ``cards.DECLINES`` or
    ``authentication``."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def pay_by_card(app, session_id, card, email=None, name=None):
    """Charge ``card`` (a ``cards.Card``) once. Returns the session.

    It is still open if the bank first wants to ask the member (see `answer_bank`). Raises
    ``SessionClosed`` or ``Declined``; what a refusal wrote is kept.
    """
    with app.store.transaction():
        session, intent = begin(app, session_id)
        method = save_method(app, session, card.details, email, name, card.later)
        if card.outcome == "authenticate":
            intent |= {
                "status": "requires_action",
                "payment_method": method["id"],
                "next_action": _redirect(app, session),
                "last_payment_error": None,
            }
            app.store.save(intent)
            emit(app, "payment_intent.requires_action", intent)
            return session
        if card.outcome not in DECLINES:
            session = _succeed(app, session, intent, method)
            if card.outcome == "dispute":
                disputes.start(app, app.store.get(intent["latest_charge"]))
            return session
        decline(app, intent, method, card.outcome)
    raise Declined(card.outcome)


def waits_for_bank(app, session):
    """Whether the bank's question to the member is still open."""
    intent = session["payment_intent"] and app.store.get(session["payment_intent"])
    return bool(intent and intent["status"] == "requires_action" and session["status"] == "open")


def answer_bank(app, session_id, confirmed):
    """The member's answer to the bank (3-D Secure). Raises ``SessionClosed`` or ``Declined``."""
    with app.store.transaction():
        session, intent = begin(app, session_id)
        if intent["status"] != "requires_action":
            return session
        method = app.store.get(intent["payment_method"])
        if confirmed:
            return _succeed(app, session, intent, method, authenticated=True)
        code = "payment_intent_authentication_failure"
        message = "The bank could not authenticate the payment. Try another card."
        refuse(app, intent, method, {"type": "card_error", "code": code, "message": message})
    raise Declined("authentication")


def _succeed(app, session, intent, method, authenticated=False):
    charge = new_charge(app, intent, method, authenticated)
    intent["payment_method"] = method["id"]
    captured(app, intent, charge)
    return sessions.complete(app, session, intent, method, "paid")


def decline(app, intent, method, outcome):
    """The bank refuses: ``outcome`` is a key of ``cards.DECLINES``. Returns Stripe's error."""
    code, decline_code, message = DECLINES[outcome]
    charge = new_charge(
        app, intent, method,
        cvc_check="fail" if outcome == "incorrect_cvc" else "pass",
        status="failed", paid=False, captured=False, amount_captured=0, failure_code=code,
        failure_message=message,
        outcome={
            "advice_code": "try_again_later", "network_advice_code": None,
            "network_decline_code": None, "network_status": "declined_by_network",
            "reason": decline_code or code, "type": "issuer_declined",
            "seller_message": "The bank did not accept the payment.",
        },
    )  # fmt: skip
    emit(app, "charge.failed", charge)
    intent["latest_charge"] = charge["id"]
    error = {"type": "card_error", "code": code, "message": message, "charge": charge["id"]}
    error |= {"decline_code": decline_code} if decline_code else {}
    refuse(app, intent, method, error)
    return error


def _redirect(app, session):
    bank = f"{app.origin}/c/pay/{session['id']}/bank"
    return {"type": "redirect_to_url",
            "redirect_to_url": {"return_url": session["success_url"], "url": bank}}  # fmt: skip

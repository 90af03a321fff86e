"""A debit of a bank account: confirmed by the member now, by the bank some seconds or days later.

The session is ``complete`` and ``unpaid`` in between, which must not give access to anything.
"""

from . import methods, sessions
from .attempts import begin, captured, new_charge, refuse, save_method
from .errors import ApiError
from .events import emit


def pay(app, session_id, succeeds=True, email=None, name=None):
    """Complete the session unpaid. The bank answers ``async_delay`` seconds later (a setting)."""
    with app.store.transaction():
        session, intent = begin(app, session_id)
        method = save_method(app, session, methods.bank_debit_details(), email, name)
        charge = new_charge(app, intent, method, status="pending", paid=False)
        intent |= {"status": "processing", "payment_method": method["id"],
                   "latest_charge": charge["id"], "last_payment_error": None}  # fmt: skip
        app.store.save(intent)
        emit(app, "charge.pending", charge)
        emit(app, "payment_intent.processing", intent)
        session = sessions.complete(app, session, intent, method, "unpaid")
        delay = app.store.setting("async_delay", 5)
        due = None if delay is None else app.store.now() + delay
        private = app.store.private(session["id"])
        app.store.save(session, private | {"settle": {"at": due, "succeeds": succeeds}})
        return session


def settle(app, session_id, succeeds=None):
    """The bank's late answer to a debit; ``succeeds`` defaults to what the member chose.

    Raises ``ApiError`` 400 when the session waits for no bank.
    """
    with app.store.transaction():
        session = sessions.current(app, session_id)
        private = app.store.private(session_id)
        plan = private.pop("settle", None)
        if plan is None:
            raise ApiError(400, "This session does not wait for a bank debit.")
        app.store.save(session, private)
        intent = app.store.get(session["payment_intent"])
        charge = app.store.get(intent["latest_charge"])
        if plan["succeeds"] if succeeds is None else succeeds:
            captured(app, intent, charge | {"status": "succeeded", "paid": True})
            session["payment_status"] = "paid"
            emit(app, "checkout.session.async_payment_succeeded", app.store.save(session))
            return session
        message = "The bank account has insufficient funds."
        charge |= {"status": "failed", "captured": False, "amount_captured": 0,
                   "failure_code": "insufficient_funds", "failure_message": message}  # fmt: skip
        emit(app, "charge.failed", app.store.save(charge))
        method = app.store.get(charge["payment_method"])
        error = {"type": "card_error", "code": "insufficient_funds", "message": message}
        refuse(app, intent, method, error | {"charge": charge["id"]})
        emit(app, "checkout.session.async_payment_failed", session)
        return session


def settle_due(app):
    """Settle every debit whose bank has had its time."""
    for session in app.store.find("checkout.session", status="complete", payment_status="unpaid"):
        plan = app.store.private(session["id"]).get("settle")
        if plan and plan["at"] is not None and plan["at"] <= app.store.now():
            settle(app, session["id"])

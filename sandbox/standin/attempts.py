"""The steps that every kind of payment is made of.

A payment intent is made at the first attempt and serves all attempts of its session.
"""

from . import methods, objects, sessions
from .events import emit


class SessionClosed(Exception):
    """The session is complete or expired; ``session`` shows which."""

    def __init__(self, session):
        super().__init__(session["status"])
        self.session = session


def begin(app, session_id):
    """The open session and its intent, made now if this is the first attempt.

    Raises ``SessionClosed``.
    """
    session = sessions.current(app, session_id)
    if session["status"] != "open":
        raise SessionClosed(session)
    if session["payment_intent"]:
        return session, app.store.get(session["payment_intent"])
    chosen = app.store.private(session_id)["intent"]
    intent = objects.payment_intent(int(app.store.now()), session, **chosen)
    app.store.save(intent)
    session["payment_intent"] = intent["id"]
    app.store.save(session)
    emit(app, "payment_intent.created", intent)
    return session, intent


def save_method(app, session, details, email, name, later="ok"):
    """Keep what may be kept of the payment method that the member typed.

    ``later`` is what comes of charging it again without the member.
    """
    email = session["customer_email"] or email or None
    now = int(app.store.now())
    method = methods.payment_method(now, session["livemode"], details, email, name)
    return app.store.save(method, {"later": later})


def new_charge(app, intent, method, authenticated=False, cvc_check="pass", **values):
    """Save a charge; ``values`` make it anything else than succeeded."""
    details = methods.on_charge(method, intent["amount"], authenticated, cvc_check)
    now = int(app.store.now())
    charge = objects.charge(now, intent, method, payment_method_details=details, **values)
    if charge["status"] != "failed":
        charge["receipt_url"] = f"{app.origin}/receipts/{charge['id']}"
    return app.store.save(charge)


def captured(app, intent, charge):
    """The money has arrived: write it to the balance, the charge and the intent."""
    store, now = app.store, int(app.store.now())
    fee = charge["amount"] * 15 // 1000 + 25
    entry = objects.balance_transaction(
        now, charge["id"], charge["amount"], charge["currency"], "charge", fee
    )
    store.save(entry)
    charge["balance_transaction"] = entry["id"]
    emit(app, "charge.succeeded", store.save(charge))
    intent |= {"status": "succeeded", "amount_received": intent["amount"], "next_action": None,
               "latest_charge": charge["id"], "last_payment_error": None}  # fmt: skip
    emit(app, "payment_intent.succeeded", store.save(intent))


def refuse(app, intent, method, error):
    """The intent may be tried again; ``error`` says what went wrong this time."""
    intent |= {"status": "requires_payment_method", "payment_method": None, "next_action": None,
               "last_payment_error": error | {"payment_method": method}}  # fmt: skip
    emit(app, "payment_intent.payment_failed", app.store.save(intent))

"""The life of a Checkout Session::

    open ─┬─► complete   paid, or unpaid and settled later
          └─► expired    by the clock, or because the shop asked

Nothing leads back, and only an open session can be paid.
"""

from . import line_items
from . import session_params as read
from .account import customer as new_customer
from .errors import invalid, missing, required
from .events import emit
from .forms import mapping
from .session_object import customer_details, new_session


def create(app, params, livemode):
    """Make an open session from API parameters. Raises ``ApiError`` for a wrong one."""
    read.only(params, read.TOP)
    now = int(app.store.now())
    mode = read.one_of(params, "mode", ("payment", "setup", "subscription"))
    if mode is None:
        raise required("mode")
    if mode != "payment":
        raise invalid("The payment stand-in knows mode=payment only.", param="mode")
    read.one_of(params, "ui_mode", ("hosted_page",))
    success_url = read.url(params, "success_url")
    if not success_url:
        raise required("success_url")
    intent = mapping(params.get("payment_intent_data"), "payment_intent_data")
    read.only(intent, read.INTENT, "payment_intent_data")
    read.one_of(intent, "setup_future_usage", ("off_session", "on_session"))
    intent["metadata"] = read.metadata(intent.get("metadata"), "payment_intent_data[metadata]")
    currency, lines = line_items.read(params)
    customer, email = read.customer(app.store, params)
    session = new_session(
        now,
        livemode,
        app.origin,
        line_items.total(currency, lines),
        currency,
        cancel_url=read.url(params, "cancel_url"),
        client_reference_id=read.text(params, "client_reference_id", 200),
        customer=customer,
        customer_creation=None if customer else read.one_of(
            params, "customer_creation", ("always", "if_required"), "if_required"
        ),
        customer_email=email,
        expires_at=read.expiry(params, now),
        locale=read.one_of(params, "locale", read.LOCALES),
        metadata=read.metadata(params.get("metadata")),
        payment_method_types=read.method_types(params, currency, intent),
        submit_type=read.one_of(params, "submit_type", read.SUBMIT_TYPES),
        success_url=success_url,
    )  # fmt: skip
    shown = [line_items.shown(now, livemode, currency, line) for line in lines]
    return app.store.save(session, {"intent": intent, "lines": shown})


def current(app, id):
    """The session as it is now, so expired if its time has passed. Raises ``ApiError`` 404."""
    with app.store.transaction():
        session = app.store.get(id, "checkout.session")
        if session is None:
            raise missing("checkout.session", id)
        if session["status"] == "open" and session["expires_at"] <= app.store.now():
            return _close(app, session)
        return session


def expire(app, id):
    """End an open session at the shop's request. Raises ``ApiError`` 400 if it is not open."""
    session = current(app, id)
    if session["status"] != "open":
        raise invalid(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of {session['status']}."
        )
    return _close(app, session)


def expire_due(app):
    """Expire every open session whose time has passed."""
    now = app.store.now()
    for session in app.store.find("checkout.session", status="open"):
        if session["expires_at"] <= now:
            current(app, session["id"])


def complete(app, session, intent, method, payment_status):
    """Close an open session after the member confirmed; says so to the shop."""
    email = method["billing_details"]["email"]
    name = method["billing_details"]["name"]
    if session["customer_creation"] == "always" and not session["customer"]:
        customer = new_customer(
            int(app.store.now()), session["livemode"], email=email, name=name,
            currency=session["currency"],
        )  # fmt: skip
        app.store.save(customer)
        emit(app, "customer.created", customer)
        session["customer"] = customer["id"]
    customer = session["customer"] and app.store.get(session["customer"], "customer")
    if intent["setup_future_usage"] and customer:
        method["customer"] = intent["customer"] = session["customer"]
        app.store.save(intent)
        emit(app, "payment_method.attached", app.store.save(method))
    session |= {
        "status": "complete",
        "payment_status": payment_status,
        "payment_intent": intent["id"],
        "customer_details": customer_details(email, name),
        "url": None,
    }
    app.store.save(session)
    emit(app, "checkout.session.completed", session)
    return session


def _close(app, session):
    intent = session["payment_intent"] and app.store.get(session["payment_intent"])
    if intent:
        # Nobody may pay an expired session through an intent that an attempt left behind.
        now = int(app.store.now())
        intent |= {"status": "canceled", "canceled_at": now, "cancellation_reason": "expired",
                   "next_action": None}  # fmt: skip
        app.store.save(intent)
        emit(app, "payment_intent.canceled", intent)
    session |= {"status": "expired", "url": None}
    app.store.save(session)
    emit(app, "checkout.session.expired", session)
    return session

"""Members, banks and staff who act without a browser. A charge may also be named by its session or
payment intent."""

from datetime import UTC, datetime

from .. import bank_debit, cards, disputes, payments, refunds, sessions
from ..attempts import SessionClosed
from ..errors import invalid, missing
from .values import one_of, take


def pay(app, values, id):
    """Pay a session: by ``card`` (a test card's number), answering the ``bank`` with ``"confirm"``
    or ``"refuse"`` if it asks; or with ``method`` ``"sepa_debit"`` and the ``outcome``
    ``"succeed"`` or ``"fail"``. ``problem`` in the answer says why it did not work."""
    card, bank, method, outcome, email, name = take(
        values, card="4242424242424242", bank=None, method="card", outcome="succeed",
        email="member@example.com", name=None,
    )  # fmt: skip
    one_of("bank", bank, (None, "confirm", "refuse"))
    one_of("method", method, ("card", "sepa_debit"))
    problem = None
    try:
        if method == "sepa_debit":
            bank_debit.pay(app, id, outcome == "succeed", email, name)
        else:
            today = datetime.fromtimestamp(app.store.now(), UTC).date()
            cvc = "1234" if card.startswith("3") else "123"
            typed = cards.read(card, f"12/{today.year + 3}", cvc, today)
            session = payments.pay_by_card(app, id, typed, email, name)
            if bank and session["status"] == "open":
                payments.answer_bank(app, id, bank == "confirm")
    except cards.CardError as refusal:
        raise invalid(str(refusal), "card") from None
    except (payments.Declined, SessionClosed) as refusal:
        problem = str(refusal)
    return {"problem": problem, "session": sessions.current(app, id)}


def settle(app, values, id):
    """The bank's answer to a debit: ``outcome`` ``"succeed"`` or ``"fail"``, or as was chosen."""
    (outcome,) = take(values, outcome=None)
    one_of("outcome", outcome, (None, "succeed", "fail"))
    return bank_debit.settle(app, id, None if outcome is None else outcome == "succeed")


def expire(app, values, id):
    """End an open session, as if its time had passed."""
    take(values)
    with app.store.transaction():
        return sessions.expire(app, id)


def change_method(app, values, id):
    """A saved card behaves from now on as the test card ``card`` does when it is charged later."""
    (card,) = take(values, card=None)
    one_of("card", card, tuple(cards.TEST_CARDS))
    with app.store.transaction():
        method = _get(app, id, "payment_method")
        return app.store.save(method, {"later": cards.later(card)})


def refund(app, values, id):
    """Refund ``amount`` minor units, or the rest; ``status`` may be ``"pending"``."""
    amount, status, reason = take(values, amount=None, status="succeeded", reason=None)
    one_of("status", status, ("succeeded", "pending", "requires_action"))
    with app.store.transaction():
        return refunds.create(app, _charge(app, id), amount, reason, status=status)


def dispute(app, values, id):
    """Open a dispute: ``reason`` (fraudulent), ``inquiry`` (false), ``amount`` (the whole)."""
    reason, inquiry, amount = take(values, reason="fraudulent", inquiry=False, amount=None)
    with app.store.transaction():
        return disputes.start(app, _charge(app, id), reason, inquiry, amount)


def change_refund(app, values, id):
    """``status``: succeeded, failed or canceled."""
    (status,) = take(values, status=None)
    one_of("status", status, ("succeeded", "failed", "canceled"))
    with app.store.transaction():
        return refunds.change(app, _get(app, id, "refund"), status)


def change_dispute(app, values, id):
    """``status``: under_review, won, lost; of an inquiry warning_under_review, warning_closed; or
    needs_response, when an inquiry becomes a dispute."""
    (status,) = take(values, status=None)
    one_of("status", status, (
        "under_review", "won", "lost", "prevented", "warning_under_review", "warning_closed",
        "needs_response",
    ))  # fmt: skip
    with app.store.transaction():
        return disputes.change(app, _get(app, id, "dispute"), status)


def _charge(app, id):
    if id.startswith("cs_"):
        id = _get(app, id, "checkout.session")["payment_intent"] or id
    if id.startswith("pi_"):
        id = _get(app, id, "payment_intent")["latest_charge"] or id
    return _get(app, id, "charge")


def _get(app, id, kind):
    found = app.store.get(id, kind)
    if found is None:
        raise missing(kind, id)
    return found

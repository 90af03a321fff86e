"""The shop gives money back.

A refund is succeeded, or pending ─► succeeded | failed | canceled; even a succeeded one may fail
later, when the member's bank sends it back.
"""

from . import objects
from .errors import invalid
from .events import emit
from .money import formatted


def create(app, charge, amount=None, reason=None, metadata=None, status="succeeded"):
    """Give ``amount`` minor units of a charge back, or all that is left.

    Raises ``ApiError`` 400 when nothing, or less than that, is left.
    """
    store, now = app.store, int(app.store.now())
    left = _refundable(store, charge)
    amount = left if amount is None else amount
    if amount < 1:
        raise invalid("Invalid positive integer", "amount", "parameter_invalid_integer")
    if amount > left:
        asked, rest = (formatted(value, charge["currency"]) for value in (amount, left))
        raise invalid(
            f"Refund amount ({asked}) is greater than unrefunded amount on charge ({rest})",
            "amount",
        )
    made = {
        "id": objects.new_id("re_3"),
        "object": "refund",
        "amount": amount,
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": metadata or {},
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    }
    entry = objects.balance_transaction(now, made["id"], -amount, made["currency"], "refund")
    made["balance_transaction"] = store.save(entry)["id"]
    store.save(made, {"livemode": charge["livemode"]})
    charge = _count_refunds(app, charge["id"])
    emit(app, "refund.created", made)
    emit(app, "charge.refunded", charge)
    return made


def no_balance():
    """The error, as a body that is remembered with the request's key, of a shop whose balance at
    the provider does not cover a refund."""
    return {
        "error": {
            "status": 400,
            "code": "balance_insufficient",
            "message": "Insufficient funds in your Stripe account. Once your account has the "
            "funds, try to refund this charge again.",
            "type": "invalid_request_error",
        }
    }


def _refundable(store, charge):
    name = f"Charge {charge['id']}"
    if not charge["paid"]:
        raise invalid(f"{name} was not paid.", "charge", "charge_not_refundable")
    if charge["refunded"]:
        raise invalid(f"{name} has already been refunded.", "charge", "charge_already_refunded")
    if any(not one["is_charge_refundable"] for one in store.find("dispute", charge=charge["id"])):
        problem = f"{name} has been charged back; cannot issue a refund."
        raise invalid(problem, "charge", "charge_disputed")
    return charge["amount"] - charge["amount_refunded"]


def change(app, made, status):
    """A refund turns out ``succeeded``, ``failed`` or ``canceled``; the charge follows."""
    made["status"] = status
    app.store.save(made)
    _count_refunds(app, made["charge"])
    emit(app, "refund.updated", made)
    emit(app, "charge.refund.updated", made)
    if status == "failed":
        emit(app, "refund.failed", made)
    return made


def _count_refunds(app, charge_id):
    charge = app.store.get(charge_id)
    made = app.store.find("refund", charge=charge_id)
    charge["amount_refunded"] = sum(
        one["amount"] for one in made if one["status"] not in ("failed", "canceled")
    )
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    charge["refunds"]["data"] = made[:10]
    charge["refunds"]["has_more"] = len(made) > 10
    return app.store.save(charge)

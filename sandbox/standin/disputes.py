"""The member's bank takes money back.

needs_response ─► under_review ─► won | lost. An inquiry is the same with ``warning_`` before the
names, ends ``warning_closed``, and takes no money.
"""

from . import objects
from .errors import ApiError
from .events import emit

FEE = 1500
CLOSED = ("won", "lost", "warning_closed", "prevented")
EVIDENCE = (
    "access_activity_log billing_address cancellation_policy cancellation_policy_disclosure "
    "cancellation_rebuttal customer_communication customer_email_address customer_name "
    "customer_purchase_ip customer_signature duplicate_charge_documentation "
    "duplicate_charge_explanation duplicate_charge_id product_description receipt refund_policy "
    "refund_policy_disclosure refund_refusal_explanation service_date service_documentation "
    "shipping_address shipping_carrier shipping_date shipping_documentation "
    "shipping_tracking_number uncategorized_file uncategorized_text"
)


def start(app, charge, reason="fraudulent", inquiry=False, amount=None):
    """The member's bank asks (``inquiry``) or takes the money back. Raises ``ApiError`` 400."""
    if not charge["paid"] or charge["disputed"]:
        raise ApiError(400, f"Charge {charge['id']} cannot be disputed.")
    store, now = app.store, int(app.store.now())
    details = charge["payment_method_details"].get("card", {})
    evidence = dict.fromkeys(EVIDENCE.split())
    made = {
        "id": objects.new_id("du_1"),
        "object": "dispute",
        "amount": amount or charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": evidence | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + 9 * 24 * 3600, "enhanced_eligibility": {}, "has_evidence": False,
            "past_due": False, "submission_count": 0,
        },
        "is_charge_refundable": inquiry,
        "livemode": charge["livemode"],
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {"brand": details.get("brand", "visa"), "network": details.get("brand", "visa"),
                     "case_type": "inquiry" if inquiry else "chargeback",
                     "network_reason_code": "10.4"},
            "type": "card",
        },
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }  # fmt: skip
    charge["disputed"] = True
    store.save(charge)
    if not inquiry:
        _book(app, made, -made["amount"], FEE)
    emit(app, "charge.dispute.created", store.save(made))
    if not inquiry:
        emit(app, "charge.dispute.funds_withdrawn", made)
    return made


def change(app, made, status):
    """The dispute goes on: ``under_review`` or ``warning_under_review``, or ends: ``won``,
    ``lost``, ``warning_closed``. Raises ``ApiError`` 400 if it has ended already."""
    if made["status"] in CLOSED:
        raise ApiError(400, f"This dispute is already closed ({made['status']}).")
    escalated = made["is_charge_refundable"] and status == "needs_response"
    made["status"] = status
    if status == "won":
        _book(app, made, made["amount"], 0)
    if escalated:
        made["is_charge_refundable"] = False
        made["payment_method_details"]["card"]["case_type"] = "chargeback"
        _book(app, made, -made["amount"], FEE)
    app.store.save(made)
    if status not in CLOSED:
        emit(app, "charge.dispute.updated", made)
        if escalated:
            emit(app, "charge.dispute.funds_withdrawn", made)
        return made
    emit(app, "charge.dispute.closed", made)
    if status == "won":
        emit(app, "charge.dispute.funds_reinstated", made)
    return made


def _book(app, made, amount, fee):
    now = int(app.store.now())
    entry = objects.balance_transaction(
        now, made["id"], amount, made["currency"], "adjustment", fee
    )
    made["balance_transactions"].append(app.store.save(entry))

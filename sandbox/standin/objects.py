"""New payment objects with every field that Stripe publishes for them, most of them null.

A consumer may read any published field without a KeyError, so a field that we never fill is still
written out. Amounts are minor units, moments are seconds since 1970.
"""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits
EMPTY_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def nulls(names):
    """A dict with None for each of the space-separated ``names``."""
    return dict.fromkeys(names.split())


def new_id(prefix, length=24):
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))


def page(data, url, has_more=False):
    """Stripe's list object."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def billing_details(email=None, name=None):
    return {
        "address": dict(EMPTY_ADDRESS), "email": email, "name": name, "phone": None, "tax_id": None,
    }  # fmt: skip


def payment_intent(now, session, **values):
    """The intent of a session at its first payment attempt."""
    id = new_id("pi_3")
    optional = nulls(
        "application application_fee_amount automatic_payment_methods canceled_at "
        "cancellation_reason customer_account description excluded_payment_method_types "
        "last_payment_error latest_charge managed_payments next_action on_behalf_of "
        "payment_method payment_method_configuration_details processing receipt_email review "
        "setup_future_usage shipping source statement_descriptor statement_descriptor_suffix "
        "transfer_data transfer_group"
    )
    return optional | {
        "id": id,
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": new_id(f"{id}_secret_", 25),
        "confirmation_method": "automatic",
        "created": now,
        "currency": session["currency"],
        "customer": session["customer"],
        "livemode": session["livemode"],
        "metadata": {},
        "payment_method_options": {
            "card": {"installments": None, "mandate_options": None, "network": None,
                     "request_three_d_secure": "automatic"},
        },
        "payment_method_types": session["payment_method_types"],
        "status": "requires_payment_method",
    } | values  # fmt: skip


def charge(now, intent, method, **values):
    """A charge that has succeeded, unless ``values`` say otherwise."""
    id = new_id("ch_3")
    optional = nulls(
        "application application_fee application_fee_amount balance_transaction description "
        "failure_balance_transaction failure_code failure_message on_behalf_of receipt_email "
        "receipt_number receipt_url review shipping source source_transfer statement_descriptor "
        "statement_descriptor_suffix transfer_data transfer_group"
    )
    outcome = dict.fromkeys(
        ("advice_code", "network_advice_code", "network_decline_code", "reason")
    )
    return optional | {
        "id": id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"],
        "amount_refunded": 0,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "PAYMENT STAND-IN",
        "captured": True,
        "created": now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "fraud_details": {},
        "livemode": intent["livemode"],
        "metadata": intent["metadata"],
        "outcome": outcome | {"network_status": "approved_by_network", "type": "authorized",
                              "seller_message": "Payment complete."},
        "paid": True,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"type": method["type"]},
        "receipt_email": intent["receipt_email"],
        "refunded": False,
        "refunds": page([], f"/v1/charges/{id}/refunds"),
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "succeeded",
    } | values  # fmt: skip


def balance_transaction(now, source, amount, currency, type, fee=0):
    """What ``source`` did to the account's balance: ``amount`` is negative when money leaves."""
    fees = {"amount": fee, "application": None, "currency": currency, "type": "stripe_fee",
            "description": "Processing fee"}  # fmt: skip
    return {
        "id": new_id("txn_3"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now + 7 * 24 * 3600,
        "balance_type": "payments",
        "created": now,
        "currency": currency,
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [fees] if fee else [],
        "net": amount - fee,
        "reporting_category": {"adjustment": "dispute"}.get(type, type),
        "source": source,
        "status": "pending",
        "type": type,
    }

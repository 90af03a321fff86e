"""Payment methods: what remains of a typed card, which is its brand and last four digits."""

import hashlib

from .objects import billing_details, new_id


def payment_method(now, livemode, details, email=None, name=None):
    """The object for ``details`` as `card_details` or `bank_debit_details` made them."""
    return {
        "id": new_id("pm_1"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": billing_details(email, name),
        details["type"]: details["shown"],
        "created": now,
        "customer": None,
        "customer_account": None,
        "livemode": livemode,
        "metadata": {},
        "type": details["type"],
    }


def card_details(brand, last4, country, exp_month, exp_year):
    """A card without its number. The fingerprint is made of what is left, never of the number."""
    seen = f"{brand}{last4}{exp_month}{exp_year}".encode()
    return {
        "type": "card",
        "shown": {
            "brand": brand,
            "checks": {
                "address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass",
            },
            "country": country,
            "display_brand": brand,
            "exp_month": exp_month,
            "exp_year": exp_year,
            "fingerprint": hashlib.sha256(seen).hexdigest()[:16],
            "funding": "credit",
            "generated_from": None,
            "last4": last4,
            "networks": {"available": [brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
    }  # fmt: skip


def bank_debit_details():
    """A SEPA debit of an invented account; the only slow method we know."""
    return {
        "type": "sepa_debit",
        "shown": {
            "bank_code": "30003", "branch_code": "03620", "country": "FR",
            "fingerprint": "StandInBankDebit",
            "generated_from": {"charge": None, "setup_attempt": None}, "last4": "2606",
        },
    }  # fmt: skip


def on_charge(method, amount, authenticated=False, cvc_check="pass"):
    """``payment_method_details`` of a charge made with ``method``."""
    if method["type"] != "card":
        kept = ("bank_code", "branch_code", "country", "fingerprint", "last4")
        shown = {name: method["sepa_debit"][name] for name in kept}
        return {"type": "sepa_debit", "sepa_debit": shown | {"mandate": None}}
    card = method["card"]
    secure = dict.fromkeys(
        ("authentication_flow", "electronic_commerce_indicator", "exemption_indicator", "result",
         "result_reason", "transaction_id", "version")
    )  # fmt: skip
    passed = {"authentication_flow": "challenge", "electronic_commerce_indicator": "05",
              "result": "authenticated", "version": "2.2.0"}  # fmt: skip
    kept = ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    shown = {name: card[name] for name in kept}
    return {
        "type": "card",
        "card": shown | {
            "amount_authorized": amount,
            "authorization_code": None,
            "checks": card["checks"] | {"cvc_check": cvc_check},
            "extended_authorization": {"status": "disabled"},
            "incremental_authorization": {"status": "unavailable"},
            "installments": None,
            "mandate": None,
            "multicapture": {"status": "unavailable"},
            "network": card["brand"],
            "network_token": {"used": False},
            "network_transaction_id": None,
            "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
            "regulated_status": card["regulated_status"],
            "three_d_secure": secure | passed if authenticated else None,
            "transaction_link_id": None,
            "wallet": None,
        },
    }  # fmt: skip

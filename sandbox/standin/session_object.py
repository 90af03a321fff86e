"""A new Checkout Session with every field that Stripe publishes for it."""

from .objects import EMPTY_ADDRESS, new_id, nulls


def customer_details(email=None, name=None):
    return {
        "address": dict(EMPTY_ADDRESS), "business_name": None, "email": email,
        "individual_name": None, "name": name, "phone": None, "tax_exempt": "none", "tax_ids": [],
    }  # fmt: skip


def new_session(now, livemode, origin, amount, currency, **values):
    """An open session. ``values`` are the fields that the caller chose."""
    id = new_id("cs_live_a1" if livemode else "cs_test_a1", 56)
    optional = nulls(
        "after_expiration allow_promotion_codes billing_address_collection cancel_url "
        "client_reference_id client_secret collected_information consent consent_collection "
        "currency_conversion customer customer_account customer_email discounts invoice locale "
        "integration_identifier origin_context payment_intent payment_link permissions "
        "payment_method_configuration_details recovered_from saved_payment_method_options "
        "setup_intent shipping_address_collection shipping_cost submit_type subscription "
        "wallet_options"
    )
    no_tax = {"enabled": False, "liability": None, "provider": None, "status": None}
    no_text = dict.fromkeys(
        ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    )
    invoice_data = dict.fromkeys(
        ("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options")
    )
    email = values.get("customer_email")
    return optional | {
        "id": id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": amount,
        "amount_total": amount,
        "automatic_tax": no_tax,
        "created": now,
        "currency": currency,
        "custom_fields": [],
        "custom_text": no_text,
        "customer_creation": "if_required",
        "customer_details": customer_details(email) if email else None,
        "expires_at": now + 24 * 3600,
        "invoice_creation": {"enabled": False, "invoice_data": invoice_data | {"metadata": {}}},
        "livemode": livemode,
        "managed_payments": {"enabled": False},
        "metadata": {},
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "success_url": None,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{origin}/c/pay/{id}",
    } | values  # fmt: skip

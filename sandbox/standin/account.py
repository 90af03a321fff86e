"""The shop's account at the provider, its customers and its webhook endpoints."""

import secrets

from . import ACCOUNT_ID
from .objects import EMPTY_ADDRESS, new_id, nulls, page


def account(created):
    """The one account that every key of this server belongs to; all its fields are demo values."""
    names = dict.fromkeys(
        ("statement_descriptor", "statement_descriptor_kana", "statement_descriptor_kanji",
         "statement_descriptor_prefix_kana", "statement_descriptor_prefix_kanji")
    )  # fmt: skip
    needs = {
        "alternatives": [], "current_deadline": None, "currently_due": [], "disabled_reason": None,
        "errors": [], "eventually_due": [], "past_due": [], "pending_verification": [],
    }  # fmt: skip
    return {
        "id": ACCOUNT_ID,
        "object": "account",
        "business_profile": {
            "annual_revenue": None, "estimated_worker_count": None, "mcc": "7392",
            "minority_owned_business_designation": None, "name": "Payment stand-in",
            "product_description": None, "support_address": dict(EMPTY_ADDRESS),
            "support_email": None, "support_phone": None, "support_url": None, "url": None,
        },
        "business_type": "company",
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "controller": {"type": "account"},
        "country": "FR",
        "created": created,
        "default_currency": "eur",
        "details_submitted": True,
        "email": "payments@example.com",
        "external_accounts": page([], f"/v1/accounts/{ACCOUNT_ID}/external_accounts"),
        "future_requirements": dict(needs),
        "metadata": {},
        "payouts_enabled": True,
        "requirements": dict(needs),
        "settings": {
            "bacs_debit_payments": {"display_name": None, "service_user_number": None},
            "branding": dict.fromkeys(("icon", "logo", "primary_color", "secondary_color")),
            "card_issuing": {"tos_acceptance": {"date": None, "ip": None}},
            "card_payments": {
                "decline_on": {"avs_failure": False, "cvc_failure": True},
                "statement_descriptor_prefix": None, "statement_descriptor_prefix_kana": None,
                "statement_descriptor_prefix_kanji": None,
            },
            "dashboard": {"display_name": "Payment stand-in", "timezone": "Etc/UTC"},
            "invoices": {"default_account_tax_ids": None, "hosted_payment_method_save": None},
            "payments": names,
            "payouts": {
                "debit_negative_balances": True,
                "schedule": {"delay_days": 7, "interval": "daily"}, "statement_descriptor": None,
            },
            "sepa_debit_payments": {},
        },
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": "standard",
    }  # fmt: skip


def customer(now, livemode, **values):
    optional = nulls(
        "address currency default_source description discount email name phone shipping test_clock"
    )
    return optional | {
        "id": new_id("cus_", 14),
        "object": "customer",
        "balance": 0,
        "created": now,
        "delinquent": False,
        "invoice_prefix": secrets.token_hex(4).upper(),
        "invoice_settings": dict.fromkeys(
            ("custom_fields", "default_payment_method", "footer", "rendering_options")
        ),
        "livemode": livemode,
        "metadata": {},
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
    } | values  # fmt: skip


def webhook_endpoint(now, livemode, **values):
    """The endpoint without its secret, which is shown once and kept apart."""
    return {
        "id": new_id("we_1"),
        "object": "webhook_endpoint",
        "api_version": None,
        "application": None,
        "created": now,
        "description": None,
        "enabled_events": [],
        "livemode": livemode,
        "metadata": {},
        "status": "enabled",
        "url": None,
    } | values  # fmt: skip

"""Keep bank data and the payer's name and address out of dj-stripe's rows.

dj-stripe stores all that Stripe sends about a payment, including a card's last digits, its expiry,
a fingerprint that identifies it, and the address that was typed on Stripe's page. Nothing in this
package needs them; members are told that the shop keeps no bank data, and an event that arrives
after a member was anonymised would bring name and address back.
``OSCAR_SUBSCRIPTIONS_KEEP_CARD_DETAILS`` and ``…_KEEP_PAYER_DETAILS`` are for a shop that uses them
elsewhere.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.models.signals import pre_save
from django.dispatch import receiver
from djstripe.models import Customer, Event, WebhookEventTrigger
from djstripe.models.base import StripeModel

from oscar_subscriptions import conf

_BANK_DATA = """
    account_number bank_code bic branch_code dynamic_last4 exp_month exp_year fingerprint
    iban_last4 iin last4 number routing_number sort_code transit_number
"""
BANK_DATA = frozenset(_BANK_DATA.split())

# Stripe describes payment methods below these names; a "number" elsewhere is an invoice's.
_MEANS = """
    acss_debit au_becs_debit bacs_debit bank_account card card_present default_source
    external_account payment_method_details sepa_debit source us_bank_account
"""
PAYMENT_METHODS = frozenset(_MEANS.split())


def scrub_card_details(value: Any, *, inside: bool = False) -> Any:
    """Return ``value`` with every piece of bank data set to ``None``; ``metadata`` is the shop's
    own and stays.

    Args:
        value: JSON; ``None``, text, number, list or dict.
        inside: whether ``value`` describes a payment method.
    """
    if isinstance(value, dict):
        return {
            name: None
            if inside and name in BANK_DATA
            else part
            if name == "metadata"
            else scrub_card_details(part, inside=inside or name in PAYMENT_METHODS)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [scrub_card_details(item, inside=inside) for item in value]
    return value


_PERSONAL = "address business_name email individual_name name phone shipping"
PERSONAL_DATA = frozenset(_PERSONAL.split())
PERSONAL_ANYWHERE = frozenset({"customer_email", "receipt_email"})
_PAYERS = """
    billing_details collected_information customer_details owner previous_attributes shipping
    shipping_details
"""
PAYERS = frozenset(_PAYERS.split())


def scrub_payer_details(value: Any, *, inside: bool = False) -> Any:
    """Return ``value`` with the payer's names and addresses set to ``None``; ``metadata`` is the
    shop's own and stays.

    Args:
        value: JSON; ``None``, text, number, list or dict.
        inside: whether ``value`` describes a payer.
    """
    if isinstance(value, dict):
        is_payer = inside or value.get("object") == "customer"
        return {
            name: None
            if name in PERSONAL_ANYWHERE or (is_payer and name in PERSONAL_DATA)
            else part
            if name == "metadata"
            else scrub_payer_details(part, inside=inside or name in PAYERS)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [scrub_payer_details(item, inside=inside) for item in value]
    return value


def _scrub(value: Any) -> Any:
    """``value`` without what the settings do not let dj-stripe keep."""
    if not conf.settings.KEEP_CARD_DETAILS:
        value = scrub_card_details(value)
    if not conf.settings.KEEP_PAYER_DETAILS:
        value = scrub_payer_details(value)
    return value


@receiver(pre_save, dispatch_uid="oscar_subscriptions.scrub")
def scrub_stored_object(instance: Any, **kwargs: object) -> None:
    """Scrub a row of dj-stripe's before it is saved."""
    if isinstance(instance, StripeModel):
        instance.stripe_data = _scrub(instance.stripe_data)
        if isinstance(instance, Event):
            instance.data = _scrub(instance.data)
        if isinstance(instance, Customer) and not conf.settings.KEEP_PAYER_DETAILS:
            instance.email = ""
    elif isinstance(instance, WebhookEventTrigger) and instance.pk is not None:
        # Not on the first save: the signature is verified against the body as it came.
        body = instance.json_body
        if _scrub(body) != body:
            instance.body = json.dumps(_scrub(body))

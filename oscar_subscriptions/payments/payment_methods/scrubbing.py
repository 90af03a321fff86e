"""Keep bank data out of dj-stripe's rows, because members are told that the shop keeps none.

dj-stripe stores all that Stripe sends about a payment, including a card's last digits, its expiry
and a fingerprint that identifies it. Nothing in this package needs them.
``OSCAR_SUBSCRIPTIONS_KEEP_CARD_DETAILS = True`` is for a shop that shows them elsewhere.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.models.signals import pre_save
from django.dispatch import receiver
from djstripe.models import Event, WebhookEventTrigger
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


@receiver(pre_save, dispatch_uid="oscar_subscriptions.scrub")
def scrub_stored_object(instance: Any, **kwargs: object) -> None:
    """Scrub a row of dj-stripe's before it is saved."""
    if conf.settings.KEEP_CARD_DETAILS:
        return
    if isinstance(instance, StripeModel):
        instance.stripe_data = scrub_card_details(instance.stripe_data)
        if isinstance(instance, Event):
            instance.data = scrub_card_details(instance.data)
    elif isinstance(instance, WebhookEventTrigger) and instance.pk is not None:
        # Not on the first save: the signature is verified against the body as it came.
        body = instance.json_body
        if scrub_card_details(body) != body:
            instance.body = json.dumps(scrub_card_details(body))

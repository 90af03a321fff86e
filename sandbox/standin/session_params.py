"""Reads the parameters of a new Checkout Session, as strict as Stripe where a mistake would cost.

Stripe has more parameters than these. One that we do not know is refused: silence would hide that
the sandbox does not do what the shop asks for.
"""

import re
from urllib.parse import urlsplit

from .errors import invalid, missing, unknown
from .forms import integer, mapping, words

TOP = words(
    "cancel_url client_reference_id currency customer customer_creation customer_email expand "
    "expires_at line_items locale metadata mode payment_intent_data payment_method_types "
    "submit_type success_url ui_mode"
)
INTENT = words(
    "description metadata receipt_email setup_future_usage statement_descriptor "
    "statement_descriptor_suffix"
)
LOCALES = words(
    "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl "
    "pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW"
)
SUBMIT_TYPES = words("auto book donate pay subscribe")
HALF_AN_HOUR, A_DAY = 30 * 60, 24 * 3600


def only(params, known, prefix=""):
    """Raises ``ApiError`` 400 ``parameter_unknown`` for a name that is not in ``known``."""
    for name in params:
        if name not in known:
            raise unknown(f"{prefix}[{name}]" if prefix else name)


def one_of(params, name, choices, default=None):
    value = params.get(name) or default
    if value is not None and value not in choices:
        allowed = ", ".join(sorted(choices))
        raise invalid(f"Invalid {name}: must be one of {allowed}", param=name)
    return value


def url(params, name):
    value = params.get(name)
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or len(value) > 5000:
        raise invalid("Not a valid URL", param=name, code="url_invalid")
    return value


def metadata(value, param="metadata"):
    """At most 50 pairs; keys up to 40 characters, values up to 500."""
    pairs = mapping(value, param)
    if len(pairs) > 50:
        raise invalid("Metadata can have up to 50 keys.", param=param)
    for key, text in pairs.items():
        if not isinstance(text, str) or len(key) > 40 or len(text) > 500:
            raise invalid(f"Invalid metadata: {key}", param=f"{param}[{key}]")
    return {key: text for key, text in pairs.items() if text != ""}


def text(params, name, longest, prefix=""):
    value = params.get(name) or None
    if value is not None and (not isinstance(value, str) or len(value) > longest):
        param = f"{prefix}[{name}]" if prefix else name
        raise invalid(f"Invalid string: must be at most {longest} characters", param=param)
    return value


def expiry(params, now):
    """``expires_at`` between 30 minutes and 24 hours from ``now``; 24 hours if left out."""
    if not params.get("expires_at"):
        return now + A_DAY
    moment = integer(params["expires_at"], "expires_at")
    if moment < now + HALF_AN_HOUR:
        bound = "at least 30 minutes"
    elif moment > now + A_DAY:
        bound = "less than 24 hours"
    else:
        return moment
    raise invalid(
        f"The `expires_at` timestamp must be {bound} from Checkout Session creation.",
        param="expires_at",
    )


def method_types(params, currency, intent):
    """Cards, and for euros the slow bank debit, unless the caller names what it wants.

    Only cards can be saved here (``intent["setup_future_usage"]``); Stripe saves debits as well.
    """
    chosen = params.get("payment_method_types")
    if not chosen:
        if intent.get("setup_future_usage"):
            return ["card"]
        return ["card", "sepa_debit"] if currency == "eur" else ["card"]
    chosen = chosen if isinstance(chosen, list) else [chosen]
    for name in chosen:
        if name not in ("card", "sepa_debit"):
            raise invalid(f"Invalid payment_method_types: {name}", param="payment_method_types")
        if name == "sepa_debit" and currency != "eur":
            raise invalid("sepa_debit supports eur only.", param="payment_method_types")
    return chosen


def email(params, name):
    """The address in ``params``, or None."""
    value = text(params, name, 800)
    if value and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        raise invalid(f"Invalid email address: {value}", name, "email_invalid")
    return value


def customer(store, params):
    """The id of ``customer`` and the e-mail to show. Raises ``ApiError`` when they clash."""
    id, address = params.get("customer") or None, email(params, "customer_email")
    if id and (address or params.get("customer_creation")):
        raise invalid("You may only specify one of these parameters: customer, customer_email.")
    if id and not store.get(id, "customer"):
        raise missing("customer", id, "customer")
    return id, address

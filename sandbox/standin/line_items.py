"""What a session sells: reads ``line_items``, adds them up, and shows them again when asked."""

import re

from .errors import invalid, required
from .forms import integer, mapping, words
from .money import MINIMUM, THREE_DECIMAL, formatted
from .objects import new_id
from .session_params import only, text

PRICE = words("currency product_data tax_behavior unit_amount")
PRODUCT = words("description images metadata name tax_code")


def read(params):
    """``(currency, [(name, description, unit amount, quantity), …])`` of ``line_items``.

    Only prices that are written out (``price_data``) are known here, in one currency.
    """
    lines = params.get("line_items")
    if not lines:
        raise required("line_items")
    if not isinstance(lines, list) or len(lines) > 100:
        raise invalid("Invalid array: line_items takes up to 100 items", param="line_items")
    read = [_item(line, f"line_items[{number}]") for number, line in enumerate(lines)]
    currencies = {item[0] for item in read}
    if len(currencies) > 1:
        raise invalid("All prices must use the same currency.", param="line_items")
    return currencies.pop(), [item[1:] for item in read]


def _item(line, param):
    line = mapping(line, param)
    only(line, ("price_data", "quantity"), param)
    price_param = f"{param}[price_data]"
    price = mapping(line.get("price_data"), price_param)
    if not price:
        raise required(price_param)
    only(price, PRICE, price_param)
    currency = (text(price, "currency", 10, price_param) or "").lower()
    if not re.fullmatch("[a-z]{3}", currency):
        raise invalid(f"Invalid currency: {currency}", param=f"{price_param}[currency]")
    product = mapping(price.get("product_data"), f"{price_param}[product_data]")
    only(product, PRODUCT, f"{price_param}[product_data]")
    name = text(product, "name", 250, f"{price_param}[product_data]")
    if not name:
        raise required(f"{price_param}[product_data][name]")
    if "unit_amount" not in price:
        raise required(f"{price_param}[unit_amount]")
    amount = integer(price["unit_amount"], f"{price_param}[unit_amount]")
    quantity = integer(line.get("quantity", ""), f"{param}[quantity]")
    if amount < 0 or quantity < 1:
        raise invalid("Invalid amount or quantity", param=param)
    if currency in THREE_DECIMAL and amount % 10:
        # Card networks round these currencies to two digits; Stripe wants the last one to be 0.
        raise invalid(
            "Invalid amount: must be divisible by 10", param=f"{price_param}[unit_amount]"
        )
    return currency, name, text(product, "description", 1000), amount, quantity


def total(currency, lines):
    """The sum in minor units. Raises ``ApiError`` 400 when it is too small to be charged."""
    amount = sum(unit * quantity for _, _, unit, quantity in lines)
    least = MINIMUM.get(currency, 1)
    if amount < least:
        raise invalid(
            "The Checkout Session's total amount due must add up to at least "
            f"{formatted(least, currency)}.",
            code="amount_too_small",
        )
    if amount > 99_999_999:
        raise invalid("The total amount is too large.", code="amount_too_large")
    return amount


def shown(now, livemode, currency, line):
    """The line item object of one ``(name, description, unit amount, quantity)``."""
    name, _, unit, quantity = line
    price = {
        "id": new_id("price_1"), "object": "price", "active": False, "billing_scheme": "per_unit",
        "created": now, "currency": currency, "custom_unit_amount": None, "livemode": livemode,
        "lookup_key": None, "metadata": {}, "nickname": None, "product": new_id("prod_", 14),
        "recurring": None, "tax_behavior": "unspecified", "tiers_mode": None,
        "transform_quantity": None, "type": "one_time", "unit_amount": unit,
        "unit_amount_decimal": str(unit),
    }  # fmt: skip
    return {
        "id": new_id("li_1"), "object": "item", "adjustable_quantity": None,
        "amount_discount": 0, "amount_subtotal": unit * quantity, "amount_tax": 0,
        "amount_total": unit * quantity, "currency": currency, "description": name,
        "discounts": [], "metadata": {}, "price": price, "quantity": quantity, "taxes": [],
    }  # fmt: skip

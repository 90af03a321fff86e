"""Stripe's published test cards, and the checks a card form makes before asking the bank.

A number lives in a local variable while its form is read. It is never stored, logged or shown
again; what goes on is a `Card`: brand, last four digits and what the "bank" will say.
"""

from dataclasses import dataclass

from .methods import card_details

# number -> what happens; the order is the one of the help on the page
TEST_CARDS = {
    "4242424242424242": "ok",
    "4000002500003155": "authenticate",
    "4000002760003184": "authenticate",
    "4000000000003220": "authenticate",
    "4000000000000002": "generic_decline",
    "4000000000009995": "insufficient_funds",
    "4000000000000069": "expired_card",
    "4000000000000127": "incorrect_cvc",
    "4000000000000119": "processing_error",
    "4000000000000259": "dispute",
    "4000000000000341": "declined_later",
    "5555555555554444": "ok",
    "378282246310005": "ok",
    "4000002500000003": "ok",
}
# What a saved card does when the shop charges it later, without the member: those that are not
# named here are accepted. (4000 0025 0000 3155 wants to be asked only until it is saved. Stripe's
# 4000 0000 0000 0341 can be saved but never charged; ours accepts the payment that saves it, so
# that a whole membership can be played through.)
LATER = {
    "4000002760003184": "authentication_required",
    "4000000000003220": "authentication_required",
    "4000000000000341": "generic_decline",
}
DECLINES = {
    "generic_decline": ("card_declined", "generic_decline", "Your card was declined."),
    "insufficient_funds": (
        "card_declined", "insufficient_funds", "Your card has insufficient funds."),
    "expired_card": ("expired_card", None, "Your card has expired."),
    "incorrect_cvc": ("incorrect_cvc", None, "Your card's security code is incorrect."),
    "authentication_required": (
        "authentication_required", "authentication_required",
        "Your card was declined. This transaction requires authentication."),
    "processing_error": (
        "processing_error", None,
        "An error occurred while processing your card. Try again in a little bit."),
    "test_mode_live_card": (
        "card_declined", "test_mode_live_card",
        "Your card was declined. Your request was in test mode, but used a non test card."),
}  # fmt: skip
BRANDS = {"4": "visa", "5": "mastercard", "3": "amex"}


class CardError(ValueError):
    """The form is wrong before any bank is asked: ``field`` is its name, ``problem`` a text key."""

    def __init__(self, field, problem):
        super().__init__(problem)
        self.field = field
        self.problem = problem


@dataclass(frozen=True)
class Card:
    """What may be kept of a typed card: ``details`` for the objects, the coming ``outcome``, and
    what comes of charging it ``later``, when the member is not there."""

    details: dict
    outcome: str
    later: str = "ok"


def read(number, expiry, cvc, today):
    """Check a typed card. ``expiry`` is ``MM/YY``, ``today`` a date. Raises ``CardError``."""
    number = number.replace(" ", "").replace("-", "")
    if not (number.isascii() and number.isdigit() and 12 <= len(number) <= 19 and _luhn(number)):
        raise CardError("number", "number_invalid" if number else "number_missing")
    month, year = _expiry(expiry, today)
    digits = 4 if number.startswith("3") else 3
    if not (cvc.isascii() and cvc.isdigit() and len(cvc) == digits):
        raise CardError("cvc", "cvc_invalid")
    outcome = TEST_CARDS.get(number, "test_mode_live_card")
    country = "FR" if number.startswith("400000250") else "US"
    brand = BRANDS.get(number[0], "unknown")
    details = card_details(brand, number[-4:], country, month, year)
    return Card(details, outcome, later(number))


def later(number):
    """What comes of charging the card ``number`` without its owner."""
    usual = TEST_CARDS.get(number, "ok")
    return LATER.get(number, usual if usual in DECLINES else "ok")


def _luhn(number):
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _expiry(text, today):
    month, _, year = text.replace(" ", "").partition("/")
    if not (month.isdigit() and year.isdigit() and 1 <= int(month) <= 12 and len(year) in (2, 4)):
        raise CardError("exp", "exp_invalid")
    month, year = int(month), int(year) % 100 + 2000
    if (year, month) < (today.year, today.month):
        raise CardError("exp", "exp_past")
    return month, year

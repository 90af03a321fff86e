"""Who walks, and what they buy."""

from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils import translation
from django.utils.formats import date_format

from oscar_subscriptions import conf
from shop.demo_data import people
from tests.browser.walk import Walk


def known_member() -> dict[str, Any]:
    """Somebody whose profile is complete."""
    known = people.MEMBER
    street, town, postcode = known.address
    return {
        "is_new": False,
        "email": known.email,
        "password": people.PASSWORD,
        "shown_name": f"{known.first_name} {known.last_name}",
        "address": {
            "first_name": known.first_name,
            "last_name": known.last_name,
            "line1": street,
            "line4": town,
            "postcode": postcode,
        },
    }


def new_member() -> dict[str, Any]:
    """Somebody who registers on the way."""
    return {
        "is_new": True,
        "email": "jeanne@example.com",
        "password": "quite-a-walk-2026",
        "shown_name": "Jeanne Durand",
        "address": {
            "first_name": "Jeanne",
            "last_name": "Durand",
            "line1": "3 rue Lepic",
            "line4": "Paris",
            "postcode": "75018",
        },
    }


def purchase(walk: Walk) -> dict[str, Any]:
    """The plan Silver, if it is bought today."""
    first = conf.today()
    last = first + relativedelta(months=12)
    with translation.override(walk.language):
        days = [date_format(day, "DATE_FORMAT") for day in (first, last)]
    return {
        "plan": "Abonnement Silver",
        "price": walk.words("240,00 €", "€240.00"),
        "days": days,
        "last_day": days[1],
    }

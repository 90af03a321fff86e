"""The operator at the dashboard, and what the form of a plan sends when all is in order."""

from typing import Any

import pytest

from tests import factories
from tests.functional import pages

BASE = "subscriptions-dashboard"


def form_values(response: Any, form_id: str) -> dict[str, str]:
    """As ``pages.form_values``; a ticked box without a value sends "on", as browsers do."""
    form = pages.soup(response).find("form", id=form_id)
    ticked = form.find_all("input", type="checkbox", checked=True) if form else []
    return pages.form_values(response, form_id) | {box["name"]: "on" for box in ticked}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    """Each test has a media folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def operator(shop: factories.Shop) -> Any:
    """A member of staff without any other permission."""
    return shop.make_user("operator", first_name="Olga", last_name="Petit", is_staff=True)


@pytest.fixture
def desk(client: Any, operator: Any) -> Any:
    """The operator's browser, signed in."""
    client.force_login(operator)
    return client


@pytest.fixture
def plan_data(shop: factories.Shop) -> dict[str, Any]:
    """A plan "Gold" for €480 incl. VAT."""
    return {
        "title": "Gold",
        "description": "As many services as you like.",
        "category": "",
        "price": "400.00",
        "vendor": shop.vendor.pk,
        "new_vendor": "",
        "months": "12",
        "listing_limit": "",
        "grace_days": "0",
        "is_on_sale": "on",
    }

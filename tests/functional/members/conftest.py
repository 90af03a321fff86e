"""Members at the door: each fixture is a signed-in browser or a seller with a shelf."""

from typing import Any

import pytest

from tests import factories


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    """Each test has a media folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def seller(shop: factories.Shop) -> Any:
    """A member in the first day of a year."""
    return shop.make_seller()


@pytest.fixture
def browser(client: Any, seller: Any) -> Any:
    """The browser of ``seller``, signed in."""
    client.force_login(seller.user)
    return client


@pytest.fixture
def service(shop: factories.Shop) -> dict[str, Any]:
    """What the form of a service sends when everything is in order."""
    return {
        "title": "Speaking in public",
        "description": "One day in a small group.\n\nFor whoever has to speak.",
        "price": "350.00",
        "category": shop.category.pk,
    }

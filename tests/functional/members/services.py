"""A seller fills in the form of a service."""

from typing import Any

from django.urls import reverse

from oscar_subscriptions.sellers import listings

ADD = reverse("subscriptions:service-add")


def added(browser: Any, seller: Any, data: dict[str, Any]) -> Any:
    """Send the form, and return the only service that ``seller`` has then."""
    response = browser.post(ADD, data)
    assert response.status_code == 302, response.context["form"].errors
    return listings.services(seller).get()

"""Walk the shop as a browser would: follow links, fill in the forms that the page shows."""

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

ADDRESS = {
    "billing-first_name": "Ada",
    "billing-last_name": "Martin",
    "billing-line1": "1 rue de la Paix",
    "billing-line4": "Paris",
    "billing-postcode": "75002",
    "billing-country": "FR",
}


def soup(response: Any) -> BeautifulSoup:
    """Return the page, parsed."""
    return BeautifulSoup(response.content, "html.parser")


def text(response: Any) -> str:
    """Return what a reader of the page sees, spaces folded."""
    return " ".join(soup(response).get_text(" ").split())


def form_values(response: Any, form_id: str) -> dict[str, str]:
    """Return what a browser would send of the form ``form_id`` if its button were clicked."""
    form = soup(response).find("form", id=form_id)
    assert form is not None, f"no form {form_id} on the page: {text(response)}"
    values = {}
    for field in form.find_all("input"):
        ticked = field.get("type") not in ("checkbox", "radio") or field.has_attr("checked")
        if field.get("name") and ticked:
            without_value = "on" if field.get("type") in ("checkbox", "radio") else ""
            values[field["name"]] = field.get("value", without_value)
    for field in form.find_all("textarea"):
        values[field["name"]] = field.get_text()
    for field in form.find_all("select"):
        chosen = field.find("option", selected=True) or field.find("option")
        if chosen is not None:
            values[field["name"]] = chosen.get("value", "")
    return values


def add_to_basket(client: Client, product: Any, quantity: int = 1) -> Any:
    """Post the add-to-basket form of ``product``."""
    url = reverse("basket:add", kwargs={"pk": product.pk})
    return client.post(url, {"quantity": quantity}, follow=True)


def order_page(client: Client) -> Any:
    """Click "Proceed to checkout" and follow to the order page."""
    return client.get(reverse("checkout:index"), follow=True)


def place_order(client: Client, **changes: str) -> Any:
    """Fill in the order page, tick the terms, click the button; do not follow.

    ``changes`` replace form values; ``None`` leaves one out.
    """
    page = order_page(client)
    values = form_values(page, "place_order_form") | ADDRESS | {"accept_terms": "on"} | changes
    return client.post(
        reverse("checkout:preview"), {k: v for k, v in values.items() if v is not None}
    )


def place_with_oscar(client: Client) -> Any:
    """Click the order button of Oscar's own last page, which asks for nothing more."""
    return client.post(reverse("checkout:preview"), {"action": "place_order"}, follow=True)


def pay_url(order: Any) -> str:
    """Return where ``order`` is paid."""
    return reverse("subscriptions-payments:pay", args=[order.number])

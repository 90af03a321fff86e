"""A whole purchase with Django's test client: from the basket to the thank-you page."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPErrorProcessor, Request, build_opener

from django.test import Client
from django.urls import reverse

from benchmarks import meter
from benchmarks.meter import Clock
from benchmarks.seeding import layout
from benchmarks.tasks import orders, provider

ADDRESS = {
    "billing-first_name": "Ada",
    "billing-last_name": "Martin",
    "billing-line1": "1 rue de la Paix",
    "billing-line4": "Paris",
    "billing-postcode": "75002",
    "billing-country": "FR",
}
CARD = {
    "method": "card",
    "email": "member@example.com",
    "number": "4242 4242 4242 4242",
    "exp": "12 / 34",
    "cvc": "123",
}
# Runs an action, or does something besides.
Step = Callable[[Callable[[], Any]], Any]


def plan() -> dict[str, Any]:
    """Return what a purchase of a plan costs."""
    return _measured(_buy_plan)


def ordinary() -> dict[str, Any]:
    """Return what a purchase of an ordinary product, which is not shipped, costs."""
    return _measured(_buy_ordinary)


def _measured(buy: Callable[[Client, Step], None]) -> dict[str, Any]:
    """Walk as a new member; what the member does at the provider is left out."""
    provider.connect()
    client = Client()
    client.force_login(orders.new_member())
    cost = {"client": 0.0, "server": 0.0, "data": 0.0, "transactions": 0.0}

    def step(action: Callable[[], Any]) -> Any:
        with meter.statements() as found:
            clock = Clock()
            with provider.left_out(clock):
                result = action()
            spent = clock.read()
        for name, value in (spent | found.as_json()).items():
            cost[name] += value
        return result

    buy(client, step)
    return cost


def _buy_plan(client: Client, step: Step) -> None:
    _add(client, step, layout.PLANS[1])
    step(lambda: client.get(reverse("checkout:index")))
    page = step(lambda: client.get(reverse("checkout:preview")))
    values = _Form.read(page.content.decode(), "place_order_form") | ADDRESS
    values["accept_terms"] = "on"
    placed = step(lambda: client.post(page.request["PATH_INFO"], values))
    hosted = step(lambda: client.get(placed["Location"]))["Location"]
    back = re.sub(r"^https?://[^/]+", "", _pay(hosted))
    step(lambda: client.get(back))
    _thank_you(client, step)


def _buy_ordinary(client: Client, step: Step) -> None:
    _add(client, step, layout.download(7))
    step(lambda: client.get(reverse("checkout:index"), follow=True))
    page = step(lambda: client.get(reverse("checkout:preview"), follow=True))
    assert page.status_code == 200
    values = {"action": "place_order"}
    placed = step(lambda: client.post(reverse("checkout:preview"), values))
    assert placed.status_code == 302, placed.status_code
    _thank_you(client, step)


def _add(client: Client, step: Step, product: int) -> None:
    address = reverse("basket:add", args=[product])
    step(lambda: client.post(address, {"quantity": 1}, follow=True))


def _thank_you(client: Client, step: Step) -> None:
    response = step(lambda: client.get(reverse("checkout:thank-you")))
    assert response.status_code == 200, response.status_code


class _NoRedirect(HTTPErrorProcessor):
    def http_response(self, request: Any, response: Any) -> Any:
        return response


def _pay(hosted: str) -> str:
    """Pay with a card on the provider's page; return where it sends the member."""
    answer = build_opener(_NoRedirect).open(Request(hosted, urlencode(CARD).encode()), timeout=60)
    with answer:
        location: str = answer.headers["Location"]
    return location


class _Form(HTMLParser):
    """What a browser would send of one form."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self._form, self._is_inside, self._select = form, False, ""
        self.values: dict[str, str] = {}

    @classmethod
    def read(cls, html: str, form: str) -> dict[str, str]:
        """Return the values of the fields of ``form``."""
        parser = cls(form)
        parser.feed(html)
        return parser.values

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self._is_inside = found.get("id") == self._form
        elif self._is_inside and tag == "input" and found.get("name"):
            is_choice = found.get("type") in ("checkbox", "radio")
            if not is_choice or "checked" in found:
                self.values[str(found["name"])] = found.get("value") or ("on" if is_choice else "")
        elif self._is_inside and tag == "select":
            self._select = str(found.get("name"))
        elif self._is_inside and tag == "option" and self._select:
            is_first = self._select not in self.values
            if is_first or "selected" in found:
                self.values[self._select] = found.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        elif tag == "select":
            self._select = ""

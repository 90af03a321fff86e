"""The operators' list of subscriptions, with each of its filters."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from benchmarks import meter
from benchmarks.seeding import layout
from benchmarks.tasks import explaining


@cache
def client(size: int) -> Client:
    """Return the browser of an operator."""
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=layout.operator(size)))
    return browser


def views(size: int) -> dict[str, dict[str, str]]:
    """Return the query of each view of the list, by name: all, each state, each plan, searches."""
    from oscar_subscriptions.dashboard.subscriptions import states

    member = size // 2 + 1
    return {
        "list": {},
        **{f"status {code}": {"status": str(code)} for code, _name in states.CHOICES},
        **{f"plan {pk}": {"plan": str(pk)} for pk in layout.PLANS[:1]},
        "search e-mail": {"q": f"member-{member}@example.com"},
        "search order": {"q": str(100_000 + member)},
    }


def visit(size: int, query: dict[str, str]) -> None:
    """Look at the list."""
    address = reverse("subscriptions-dashboard:subscription-list")
    response = client(size).get(f"{address}?{urlencode(query)}")
    assert response.status_code == 200, response.status_code


def cost(size: int, query: dict[str, str], times: int) -> dict[str, float]:
    """Return the CPU of one visit, on average of ``times``."""
    return meter.timed(lambda: visit(size, query), times)


def whole_tables(size: int, query: dict[str, str]) -> list[list[str]]:
    """Return which statements of a visit read whole tables."""
    with meter.statements() as found:
        visit(size, query)
    return explaining.whole_tables(found)

"""Visits of the shop's own pages, with Django's test client: no network, no web server."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from benchmarks import meter
from benchmarks.seeding import layout
from benchmarks.tasks import explaining

# A member with a running term and two orders, and a service of another one's.
MEMBER, OTHER = 2, 3


@cache
def addresses() -> dict[str, tuple[bool, str]]:
    """Return for each page whether the visitor is a member who is signed in, and its address."""
    Product = get_model("catalogue", "Product")
    service = Product.objects.get(pk=layout.first_service(OTHER))
    ordinary = Product.objects.get(pk=layout.download(0))
    shelf = service.get_categories().first()
    order = get_model("order", "Order").objects.filter(user=MEMBER).order_by("pk").first()
    return {
        "catalogue": (False, reverse("catalogue:index")),
        "category": (False, shelf.get_absolute_url()),
        "product of the shop": (False, ordinary.get_absolute_url()),
        "product of a seller": (False, service.get_absolute_url()),
        "search": (False, reverse("search:search") + "?q=coaching"),
        "catalogue, signed in": (True, reverse("catalogue:index")),
        "basket": (True, reverse("basket:summary")),
        "account: profile": (True, reverse("customer:profile-view")),
        "account: orders": (True, reverse("customer:order-list")),
        "account: one order": (True, reverse("customer:order", args=[order.number])),
        "checkout": (True, reverse("checkout:shipping-address")),
    }


@cache
def client(is_member: bool) -> Client:
    """Return the browser of an anonymous visitor, or of a member with two lines in the basket."""
    browser = Client()
    if is_member:
        browser.force_login(get_user_model().objects.get(pk=MEMBER))
        Line = get_model("basket", "Line")
        if not Line.objects.filter(basket__owner=MEMBER, basket__status="Open").exists():
            for product in (layout.book(0), layout.first_service(OTHER)):
                browser.post(reverse("basket:add", args=[product]), {"quantity": 1})
    return browser


def prepare() -> list[str]:
    """Visit every page, so that templates are read and caches are full; return their names."""
    for name in addresses():
        for _ in range(3):
            visit(name)
    return list(addresses())


def visit(name: str) -> None:
    """Visit a page.

    Raises:
        AssertionError: it does not show.
    """
    is_member, address = addresses()[name]
    response = client(is_member).get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"


def cost(name: str, times: int) -> dict[str, float]:
    """Return the CPU of one visit, on average of ``times``."""
    return meter.timed(lambda: visit(name), times)


def statements(name: str, *, is_explained: bool = False) -> dict[str, Any]:
    """Return the SQL that one visit asks, sorted, and which of it reads whole tables."""
    with meter.statements() as found:
        visit(name)
    whole = explaining.whole_tables(found) if is_explained else []
    return {"data": found.data, "whole": whole}

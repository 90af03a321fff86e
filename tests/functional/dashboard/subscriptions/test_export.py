"""The file holds exactly what the list shows under the same address."""

import logging

import pytest
from django.urls import reverse

from tests.functional import pages

LIST = reverse("subscriptions-dashboard:subscription-list")
EXPORT = reverse("subscriptions-dashboard:subscription-list-export")


@pytest.fixture
def people(shop):
    return [shop.grant(shop.make_user(name)).subscription for name in ("ada", "bea", "bob")]


def rows(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return [line.split(",")[0] for line in text.splitlines()[1:]]


@pytest.mark.parametrize("query", ["", "q=b", "status=lapsed", "q=ada&status=active"])
def test_what_is_filtered_is_exported(desk, people, query):
    shown = pages.soup(desk.get(f"{LIST}?{query}"))
    links = [link["href"] for link in shown.select("tbody th a")]
    assert [
        f"/dashboard/subscriptions/{pk}/" for pk in rows(desk.get(f"{EXPORT}?{query}"))
    ] == links
    if links:
        [button] = shown.select(f"a[href^='{EXPORT}']")
        assert button["href"] == (f"{EXPORT}?{query}" if query else EXPORT)


def test_a_page_of_the_list_does_not_cut_the_file(desk, people):
    shown = pages.soup(desk.get(f"{LIST}?page=1&q=b"))
    [button] = shown.select(f"a[href^='{EXPORT}']")
    assert "page" not in button["href"]


def test_who_exported_what_is_logged(desk, people, caplog):
    with caplog.at_level(logging.INFO):
        list(desk.get(f"{EXPORT}?q=ada").streaming_content)
    assert "Olga Petit exports subscriptions: q=ada" in caplog.text


def test_a_mistake_leads_back_to_the_form(desk, people):
    response = desk.get(f"{EXPORT}?on=soon")
    assert response.url == f"{LIST}?on=soon"
    assert "Enter a valid date" in pages.text(desk.get(response.url))


def test_the_file_is_private(desk, people):
    response = desk.get(EXPORT)
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_who_may_only_read_exports_nothing(client, shop, people):
    client.force_login(shop.make_operator("reader", "read"))
    assert client.get(EXPORT).status_code == 403
    assert EXPORT not in client.get(LIST).content.decode()

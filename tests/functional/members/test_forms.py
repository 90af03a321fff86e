"""The form of a service: forged, broken and malicious input."""

from decimal import Decimal as D

import pytest
from django.urls import reverse
from django.utils import translation
from oscar.apps.catalogue.categories import create_from_breadcrumbs

from oscar_subscriptions.members.forms import ServiceForm
from tests.functional.members.services import ADD, added


def errors(data):
    return ServiceForm(data).errors


@pytest.mark.parametrize(
    "price",
    [
        "",
        "0",
        "0.00",
        "-1",
        "0.001",
        "1000000",
        "1e9",
        "NaN",
        "Infinity",
        "-Infinity",
        "abc",
        "9" * 40,
    ],
)
def test_prices_that_are_refused(service, price):
    assert "price" in errors(service | {"price": price})


@pytest.mark.parametrize("price", ["0.01", "1", "99.9", "999999.99"])
def test_prices_that_are_taken(service, price):
    assert errors(service | {"price": price}) == {}


@pytest.mark.parametrize(
    ("typed", "price"),
    [("1 500,00 €", "1500"), ("1\u202f500,00\u00a0€", "1500"), ("350\u00a0€", "350")],
)
def test_fault_106_a_price_typed_as_it_is_printed_is_stored_as_it_is(
    browser, seller, service, typed, price
):
    sent = service | {"price": typed}
    french = {"accept-language": "fr"}
    with translation.override("fr"):  # the requests activate it, and it is put back afterwards
        assert browser.post(ADD, sent, headers=french).status_code == 302
        record = seller.partner.stockrecords.get()
        assert record.price == D(price)
        # It may mean 1500 or 1.5.
        edit = reverse("subscriptions:service-edit", args=[record.product.pk])
        browser.post(edit, sent | {"price": "1.500"}, headers=french)
    record.refresh_from_db()
    assert record.price == D(price)


def test_a_french_member_types_a_comma(service):
    with translation.override("fr"):
        form = ServiceForm(service | {"price": "350,50"})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["price"] == D("350.50")


@pytest.mark.parametrize(
    "title",
    ["", "   ", "\u200b\u200b", "a\x00b", "a\nb", "a\x1bb", "a\u202eb", "a\u2028b", "x" * 256],
)
def test_titles_that_are_refused(service, title):
    assert "title" in errors(service | {"title": title})


def test_title_is_stripped_and_never_html(browser, seller, service):
    product = added(browser, seller, service | {"title": "  <script>alert(1)</script> "})
    assert product.title == "<script>alert(1)</script>"
    for page in (reverse("subscriptions:member-space"), product.get_absolute_url()):
        assert "<script>alert(1)" not in browser.get(page).content.decode()


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='java&#x09;script:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<p onclick=alert(1) style='position:fixed'>x</p>",
        "<iframe src='https://evil.example'></iframe>",
        "<form action='https://evil.example'><input name=card></form>",
        "<style>body{display:none}</style>",
        "<<script>script>alert(1)</script>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    ],
)
def test_no_attack_reaches_the_product_page(browser, seller, service, attack):
    product = added(browser, seller, service | {"description": f"Fine. {attack}"})
    stored = product.description
    for forbidden in (
        "<script", "<img", "<svg", "<iframe", "<form", "<input", "<style", "javascript:", "data:",
        "onclick", "style=",
    ):  # fmt: skip
        assert forbidden not in stored.lower()
    assert stored in browser.get(product.get_absolute_url()).content.decode()


def test_description_of_nothing_but_an_attack_is_refused(service):
    assert "description" in errors(service | {"description": "<script>alert(1)</script>"})


def test_only_the_categories_of_services_may_be_chosen(service, shop):
    other = create_from_breadcrumbs("Plans")
    assert "category" in errors(service | {"category": other.pk})
    assert "category" in errors(service | {"category": shop.category.get_parent().pk})
    assert "category" in errors(service | {"category": ""})


def test_without_the_setting_every_public_category_may_be_chosen(service, settings):
    settings.OSCAR_SUBSCRIPTIONS_SERVICE_CATEGORY = None
    public = create_from_breadcrumbs("Plans")
    hidden = create_from_breadcrumbs("Hidden")
    hidden.is_public = False
    hidden.save()
    assert errors(service | {"category": public.pk}) == {}
    assert "category" in errors(service | {"category": hidden.pk})


def test_a_shop_without_categories_can_still_have_services(browser, seller, service, settings):
    settings.OSCAR_SUBSCRIPTIONS_SERVICE_CATEGORY = "renamed"
    product = added(browser, seller, service)
    assert not product.categories.exists()


def test_a_refused_form_keeps_what_was_typed(browser, service):
    page = browser.post(ADD, service | {"price": "-1"}).content.decode()
    assert 'value="Speaking in public"' in page
    assert "error-block" in page

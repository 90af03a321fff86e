"""What a seller may write: forged, broken and malicious input."""

from decimal import Decimal as D

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from PIL import Image

from oscar_subscriptions import listings
from oscar_subscriptions.members import html
from oscar_subscriptions.members.forms import ServiceForm

from .conftest import picture

ADD = reverse("subscriptions:service-add")


def errors(data, files=None):
    return ServiceForm(data, files).errors


def added(browser, seller, data):
    response = browser.post(ADD, data)
    assert response.status_code == 302, response.context["form"].errors
    return listings.services(seller).get()


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


def test_simple_html_stays_and_links_are_not_followed():
    clean = html.sanitised('<p>A <b>bold</b> <a href="https://a.example" target="_top">b</a></p>')
    assert clean == (
        '<p>A <b>bold</b> <a href="https://a.example" rel="nofollow noopener noreferrer">b</a></p>'
    )


def test_description_of_nothing_but_an_attack_is_refused(service):
    assert "description" in errors(service | {"description": "<script>alert(1)</script>"})


@pytest.mark.parametrize(
    "typed",
    [
        "One line",
        "a < b & c > d",
        "First\nsecond\n\nthird",
        'He said "no" – it’s 5 > 3',
        "AT&amp;T",
    ],
)
def test_plain_text_survives_being_edited(typed):
    once = html.sanitised(typed)
    assert html.as_typed(once) == typed
    assert html.sanitised(html.as_typed(once)) == once


def test_text_that_looks_like_a_tag_never_becomes_one():
    stored = html.sanitised("&lt;script&gt;alert(1)&lt;/script&gt;")
    assert "<script" not in html.sanitised(html.as_typed(stored))


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


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_pictures_that_are_taken(browser, seller, service, kind):
    product = added(browser, seller, service | {"image": picture(kind)})
    stored = product.images.get().original
    assert stored.name.endswith(".jpg")
    assert Image.open(stored).size == (60, 40)


def test_transparent_pictures_stay_transparent(browser, seller, service):
    product = added(browser, seller, service | {"image": picture("PNG", mode="RGBA")})
    assert product.images.get().original.name.endswith(".png")


def test_large_pictures_are_made_smaller_and_lose_their_place(browser, seller, service):
    exif = Image.Exif()
    exif[0x010E] = "home address"
    upload = picture()
    upload.seek(0)
    upload.truncate()
    Image.new("RGB", (3000, 1500)).save(upload, "JPEG", exif=exif)
    upload.size = upload.tell()
    product = added(browser, seller, service | {"image": _rewound(upload)})
    stored = Image.open(product.images.get().original)
    assert stored.size == (1600, 800)
    assert not stored.getexif()


def _rewound(upload):
    upload.seek(0)
    return SimpleUploadedFile("photo.jpg", upload.read())


def broken_pictures():
    whole = picture("JPEG", (400, 400)).read()
    bomb = picture("PNG", (8000, 6000), mode="L").read()
    return {
        "text": b"this is no picture",
        "html": b"<html><script>alert(1)</script>",
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "cut off": whole[: len(whole) // 2],
        "wrong format": picture("BMP").read(),
        "bomb": bomb,
        "too large": b"\xff\xd8\xff" + b"0" * (5 * 1024 * 1024),
    }


@pytest.mark.parametrize("name", broken_pictures())
def test_pictures_that_are_refused(service, name):
    file = SimpleUploadedFile("photo.jpg", broken_pictures()[name])
    assert "image" in errors(service, {"image": file})


def test_what_follows_a_picture_is_dropped(browser, seller, service):
    polyglot = SimpleUploadedFile("a.html", picture("GIF").read() + b"<script>alert(1)</script>")
    product = added(browser, seller, service | {"image": polyglot})
    stored = product.images.get().original
    assert stored.name.endswith(".jpg")
    assert b"script" not in stored.read()


def test_picture_is_replaced_kept_and_removed(browser, seller, service):
    product = added(browser, seller, service | {"image": picture()})
    edit = reverse("subscriptions:service-edit", kwargs={"pk": product.pk})
    first = product.images.get().original.name
    browser.post(edit, service)
    assert product.images.get().original.name == first
    browser.post(edit, service | {"image": picture("WEBP", (30, 30))})
    second = product.images.get().original.name
    assert second != first
    assert "Remove the picture" in browser.get(edit).content.decode()
    browser.post(edit, service | {"remove_image": "on"})
    assert not product.images.exists()
    assert "Remove the picture" not in browser.get(edit).content.decode()


def test_a_refused_form_keeps_what_was_typed(browser, service):
    page = browser.post(ADD, service | {"price": "-1"}).content.decode()
    assert 'value="Speaking in public"' in page
    assert "error-block" in page

"""The pictures that sellers send: written anew, or refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from oscar_subscriptions.members.forms import ServiceForm
from tests.functional.members.services import added
from tests.uploads import picture


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
    assert "image" in ServiceForm(service, {"image": file}).errors


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

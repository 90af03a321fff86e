"""The pictures that sellers send: written anew, or refused."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from oscar_subscriptions.members import pictures
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


def test_a_photograph_stands_as_the_camera_was_held():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    file = BytesIO()
    Image.new("RGB", (60, 40)).save(file, "JPEG", exif=exif)
    new = pictures.rewritten(SimpleUploadedFile("photo.jpg", file.getvalue()))
    assert Image.open(new).size == (40, 60)


def test_a_name_that_was_sent_is_never_a_name_on_the_disk():
    upload = picture()
    upload.name = "ada-martin.php.png"
    first, second = pictures.rewritten(upload), pictures.rewritten(upload)
    assert first.name != second.name
    assert "ada" not in first.name and first.name.endswith(".jpg")


def test_only_the_picture_that_is_shown_is_replaced(shop, seller):
    product = shop.make_service(seller)
    later = product.images.create(original=picture(), display_order=1)
    shown = product.images.create(original=picture(), display_order=0)
    pictures.store(product, {"image": pictures.rewritten(picture("GIF"))})
    assert later in product.images.all() and shown not in product.images.all()
    pictures.store(product, {"image": None, "remove_image": False})
    assert product.images.count() == 2
    pictures.store(product, {"image": None, "remove_image": True})
    assert product.images.get() == later


def test_the_file_of_a_picture_goes_with_it(shop, seller):
    product = shop.make_service(seller)
    pictures.store(product, {"image": pictures.rewritten(picture())})
    file = product.images.get().original
    assert file.storage.exists(file.name)
    pictures.store(product, {"image": None, "remove_image": True})
    assert not file.storage.exists(file.name)


def test_nothing_is_removed_where_there_is_nothing(shop, seller):
    product = shop.make_service(seller)
    pictures.store(product, {"remove_image": True})
    assert not product.images.exists()

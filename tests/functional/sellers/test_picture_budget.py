"""Eight pictures at once: what they may cost the shop's process in memory and time."""

import json
import os
import subprocess
import sys
import threading
import warnings
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from oscar_subscriptions.sellers import pictures
from tests.functional.sellers import decoding
from tests.uploads import picture

# Above idle, for all eight together.
MEGABYTES = 100
# For all eight on a loaded machine; measured alone: 0.1 to 4.
SECONDS = 25


def saved(image, kind, **options):
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def noise(width, height):
    """Return a picture that compresses badly, as a photograph does."""
    return Image.frombytes("RGB", (100, 75), os.urandom(100 * 75 * 3)).resize((width, height))


def segments(code, payload, size):
    part = b"\xff" + bytes([code]) + (len(payload) + 2).to_bytes(2, "big") + payload
    jpeg = picture("JPEG").read()
    return jpeg[:2] + part * (size // len(part)) + jpeg[2:]


def chunks(kind, payload, size):
    part = len(payload).to_bytes(4, "big") + kind + payload
    part += zlib.crc32(kind + payload).to_bytes(4, "big")
    png = picture("PNG").read()
    return png[:33] + part * (size // len(part)) + png[33:]


def many_scans(jpeg, times):
    """Return a progressive JPEG whose last scan follows ``times`` times."""
    last, end = jpeg.rindex(b"\xff\xda"), jpeg.rindex(b"\xff\xd9")
    return jpeg[:last] + jpeg[last:end] * times + jpeg[end:]


# As many bytes as are accepted, less the small picture itself.
FULL = pictures.MAX_BYTES - 20_000


def bombs():
    plain = Image.new("RGBA", (6300, 6300), (1, 2, 3, 90))
    flat = Image.new("RGB", (6300, 6300), "teal")
    zeros = zlib.compress(bytes(1_000_000))
    return {
        "webp": lambda: saved(plain, "WEBP", lossless=True),
        "png": lambda: saved(plain, "PNG"),
        "gif": lambda: saved(flat.convert("P"), "GIF"),
        "progressive": lambda: saved(flat, "JPEG", progressive=True),
        "scans": lambda: many_scans(saved(flat.resize((3000, 3000)), "JPEG", progressive=True), 90),
        "exif": lambda: segments(0xE1, b"Exif\0\0" + b"x" * 10, FULL // 10),
        "profiles": lambda: chunks(b"iCCP", b"a\0\0" + zeros, FULL),
        "texts": lambda: chunks(b"zTXt", b"a\0\0" + zeros, 60 * len(zeros)),
    }


def largest():
    """The largest pictures of each format that are accepted."""
    return {
        "photograph": lambda: saved(noise(7000, 5600), "JPEG", quality=40),
        "progressive": lambda: saved(noise(4800, 3600), "JPEG", quality=50, progressive=True),
        "webp": lambda: saved(noise(2400, 1800), "WEBP", quality=50),
        "transparent webp": lambda: saved(
            Image.new("RGBA", (2400, 1800), (1, 2, 3, 90)), "WEBP", lossless=True
        ),
        "screenshot": lambda: saved(Image.new("RGBA", (3840, 2160), (1, 2, 3, 90)), "PNG"),
        "opaque png": lambda: saved(Image.new("RGB", (4200, 3100), "teal"), "PNG"),
        "gif": lambda: saved(Image.new("P", (3840, 2160), 3), "GIF"),
    }


def sent(tmp_path, data, *flags):
    """Return what eight uploads of ``data`` cost a process of their own."""
    file = tmp_path / "picture"
    file.write_bytes(data)
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, decoding.__file__, file, *flags],
        env=os.environ | {"PYTHONPATH": str(root)},
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", bombs())
def test_fault_112_a_small_file_that_unpacks_to_a_gigabyte_is_refused(tmp_path, name):
    data = bombs()[name]()
    assert len(data) <= pictures.MAX_BYTES
    cost = sent(tmp_path, data)
    assert len(cost["errors"]) == decoding.AT_ONCE, cost
    assert cost["megabytes"] < MEGABYTES, cost
    assert cost["seconds"] < SECONDS, cost


@pytest.mark.parametrize("name", largest())
def test_fault_112_eight_of_the_largest_pictures_at_once_are_bounded(tmp_path, name):
    data = largest()[name]()
    assert len(data) <= pictures.MAX_BYTES
    cost = sent(tmp_path, data)
    assert cost["errors"] == [], cost
    assert cost["megabytes"] < MEGABYTES, cost
    assert cost["seconds"] < SECONDS, cost
    assert cost["wait"] < 2, cost  # another thread: the shop answers meanwhile


@pytest.mark.parametrize("name", ["webp", "screenshot"])
def test_fault_112_control_without_the_guards_they_take_several_times_that(tmp_path, name):
    cost = sent(tmp_path, (bombs() | largest())[name](), "unguarded")
    assert cost["megabytes"] > 2 * MEGABYTES, cost


def test_fault_112_whoever_waits_too_long_is_told_so(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_WAIT", 0.05)
    decoding_another = threading.Event()
    pictures._decoder.submit(decoding_another.wait, 30)
    try:
        with pytest.raises(ValidationError, match="Too many pictures"):
            pictures.rewritten(picture())
    finally:
        decoding_another.set()
    monkeypatch.setattr(pictures, "MAX_WAIT", 20)
    assert pictures.rewritten(picture()).name.endswith(".jpg")


def test_fault_112_a_worker_that_was_forked_decodes_by_itself():
    pictures.rewritten(picture())  # the thread of this process exists
    before = pictures._decoder
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of threads
        pid = os.fork()
    if pid == 0:
        renewed = pictures._decoder is not before
        pictures.MAX_WAIT = 5
        os._exit(0 if renewed and pictures.rewritten(picture()) else 1)
    assert os.waitpid(pid, 0)[1] == 0


@pytest.fixture
def where(settings, tmp_path, monkeypatch):
    """Each request is a transaction; the list tells for each picture if it was decoded in one."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setitem(settings.DATABASES["default"], "ATOMIC_REQUESTS", True)
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    inside = []
    rewritten = pictures.rewritten

    def watched(upload):
        inside.append(transaction.get_connection().in_atomic_block)
        return rewritten(upload)

    monkeypatch.setattr(pictures, "rewritten", watched)
    return inside


@pytest.mark.django_db(transaction=True)
def test_fault_112_the_picture_of_a_service_is_decoded_before_anything_is_written(shop, where):
    seller, browser = shop.make_seller(), Client()
    browser.force_login(seller.user)
    values = {
        "title": "Speaking",
        "description": "One day.",
        "price": "350",
        "category": shop.category.pk,
    }
    browser.post(reverse("subscriptions:service-add"), values | {"image": picture()})
    product = seller.partner.stockrecords.get().product
    edit = reverse("subscriptions:service-edit", args=[product.pk])
    browser.post(edit, values | {"image": picture("GIF")})
    assert product.images.count() == 1
    assert where == [False, False]


@pytest.mark.django_db(transaction=True)
def test_fault_112_so_is_that_of_a_plan(shop, where):
    browser = Client()
    browser.force_login(shop.make_user("boss", is_staff=True, is_superuser=True))
    url = reverse("subscriptions-dashboard:plan-update", args=[shop.plan.pk])
    browser.post(url, {"image": picture()})
    url = reverse("subscriptions-dashboard:plan-create")
    browser.post(url, {"image": picture()})
    assert where == [False, False]

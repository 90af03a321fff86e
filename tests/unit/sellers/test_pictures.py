"""Pictures of services: how they are stored, and that no file is left behind."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image

from oscar_subscriptions.sellers import pictures
from tests.uploads import picture


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def seller(shop):
    return shop.make_seller()


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


def test_what_is_said_of_a_picture_is_in_the_language_of_its_sender():
    with translation.override("fr"), pytest.raises(ValidationError, match="Nous ne parvenons pas"):
        pictures.rewritten(picture("BMP"))


@pytest.mark.parametrize(
    ("first", "is_single"),
    [
        (b"\xff\xda\0\x0c\3", True),  # as many components as the picture has
        (b"\xff\xda\0\x08\1", False),
        (b"\xff\xe0\0\2\xff\xda\0\x0c\3", True),
        (b"\xff\xc2\0\2\xff\xda\0\x0c\3", False),  # progressive
        (b"\xff\xd0\xff\xda\0\x0c\3", False),  # a part without length
        (b"\0\xff\xda\0\x0c\3", False),
        (b"\xff\xe0\xff\xff", False),
        (b"", False),
    ],
)
def test_jpeg_counts_as_one_scan_only_where_that_is_certain(first, is_single):
    data = b"\xff\xd8" + first + b"\0" * 10
    assert pictures._is_single_scan(data, 3) is is_single

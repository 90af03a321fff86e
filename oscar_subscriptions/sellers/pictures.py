"""Pictures that sellers upload: opened, checked and rewritten.

Only files written by this module are stored. So none is a second format in disguise, truncated
(the catalogue page would fail for everybody), or tagged with the place of the photograph.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

# Lazy: the decoder's thread does not know the member's language.
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from oscar_subscriptions.protocols import Product

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_BYTES = 5 * 1024 * 1024
# Above it even a JPEG, which is decoded at a fraction of its size, takes seconds.
MAX_PIXELS = 40_000_000
MAX_SIDE = 1600  # pixels; larger pictures are scaled down
# Bytes that decoding and scaling down one picture may take. Pixels cost memory, not bytes: 1.6 kB
# of WebP may unpack to a gigabyte. A screenshot of 3840 × 2160 with transparency fits.
MAX_MEMORY = 92_000_000
# Seconds to wait for the decoder, which takes one picture at a time: eight of the largest that are
# accepted take less.
MAX_WAIT = 20

# Bytes a pixel, measured with Pillow 12 and 13, rounded up: WebP is decoded into three buffers and
# copied; transparent and indexed pictures are converted as a whole before they are scaled down.
_WEBP, _CONVERTED, _PLAIN = 21, 11, 7
# How often a part of a file may occur. Each scan of a JPEG goes through all its pixels; each EXIF
# part is copied anew with the next one, which made 5 MB take 37 s; each of these parts of a PNG
# unpacks to 1 MB. Cameras and editors write a dozen scans, and 80 parts with 5 MB of EXIF or XMP.
_JPEG_PARTS = {b"\xff\xda": 50, b"\xff\xe1": 100}
_PNG_PARTS = dict.fromkeys([b"iCCP", b"iTXt", b"zTXt"], 10)
# JPEG segments that may stand before the first scan: tables, frame, restart interval, application
# data, comment. Others have no length, or are of kinds that hold several scans.
_JPEG_HEADERS = {0xC0, 0xC1, 0xC4, 0xDB, 0xDD, 0xFE, *range(0xE0, 0xF0)}

# One thread of its own, not only a lock: the C library keeps for each thread what it has freed, and
# eight threads would keep eight pictures.
_decoder = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")


def _renew_decoder() -> None:
    global _decoder
    _decoder = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")


# A server may fork its workers after a picture was decoded; threads don't come along.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_decoder)


def rewritten(upload: UploadedFile) -> ContentFile[bytes]:
    """Return ``upload`` as a new JPEG (PNG where it is transparent) with a random name.

    Decodes one picture at a time in a process, in at most ``MAX_MEMORY``. Call it outside a
    transaction: it may take ``MAX_WAIT`` seconds.

    Raises:
        ValidationError: too large, or not a whole picture in one of ``FORMATS``; or other pictures
            were first, and took too long.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(_("The picture is larger than 5 MB."))
    future = _decoder.submit(_rewritten, upload)
    try:
        return future.result(timeout=MAX_WAIT)
    except ValidationError:
        raise
    except TimeoutError as error:
        future.cancel()
        raise ValidationError(
            _("Too many pictures are being sent at this moment. Please send yours again.")
        ) from error
    except Exception as error:  # decoders raise all kinds of errors on a broken file
        raise ValidationError(
            _("This is not a picture that we can read. Please send a JPEG, PNG, WebP or GIF file.")
        ) from error


def _rewritten(upload: UploadedFile) -> ContentFile[bytes]:
    return _written(_opened(upload))


def _written(image: Image.Image) -> ContentFile[bytes]:
    file = BytesIO()
    if "A" in image.getbands():
        extension = "png"
        image.save(file, "PNG", optimize=True)
    else:
        extension = "jpg"
        image.save(file, "JPEG", quality=88, optimize=True)
    return ContentFile(file.getvalue(), name=f"{uuid.uuid4().hex}.{extension}")


def _opened(upload: UploadedFile) -> Image.Image:
    upload.seek(0)
    data: bytes = upload.read()
    _check_parts(data)
    image = Image.open(BytesIO(data), formats=FORMATS)
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    # A JPEG is decoded at a half, quarter or eighth of its size; other formats ignore it. The
    # fraction keeps the shape, so that the shorter side does not decide it.
    fraction = min(1.0, MAX_SIDE / max(image.size))
    whole = image.size
    image.draft(None, (max(1, int(whole[0] * fraction)), max(1, int(whole[1] * fraction))))
    if _memory(image, data, whole) > MAX_MEMORY:
        raise _too_many_pixels()
    transparent = "A" in image.getbands() or "transparency" in image.info
    if "transparency" in image.info or image.mode in ("P", "1"):
        # A colour that stands for transparent, or an index, can't be scaled.
        plain = image.convert("RGBA" if transparent else "RGB")
    else:
        plain = image
    plain.thumbnail((MAX_SIDE, MAX_SIDE))
    upright = ImageOps.exif_transpose(plain).convert("RGBA" if transparent else "RGB")
    # A copy of the pixels alone has no metadata.
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    return clean


def _check_parts(data: bytes) -> None:
    parts = _JPEG_PARTS if data.startswith(b"\xff\xd8") else {}
    parts = _PNG_PARTS if data.startswith(b"\x89PNG") else parts
    for part, most in parts.items():
        if data.count(part) > most:
            raise ValueError(f"more than {most} parts {part!r}")


def _memory(image: Image.Image, data: bytes, whole: tuple[int, int]) -> int:
    """Return the bytes that decoding and scaling down ``image`` may take.

    Args:
        data: the file.
        whole: width and height in the file; those of ``image`` may be a fraction, by ``draft``.
    """
    pixels = image.width * image.height
    if isinstance(image, JpegImageFile):
        return pixels * _PLAIN + _coefficients(image, data, whole)
    if image.format == "WEBP":
        return pixels * _WEBP
    opaque = image.mode in ("L", "RGB", "I", "I;16") and "transparency" not in image.info
    return pixels * (_PLAIN if opaque else _CONVERTED)


def _coefficients(image: JpegImageFile, data: bytes, whole: tuple[int, int]) -> int:
    """Return the bytes of coefficients that the decoder keeps of a JPEG of several scans.

    Two for each sample of the whole picture, whatever fraction is decoded.
    """
    if _is_single_scan(data, len(image.layer)):
        return 0
    samples = [across * down for name, across, down, table in image.layer]
    largest = max(layer[1] for layer in image.layer) * max(layer[2] for layer in image.layer)
    return 2 * whole[0] * whole[1] * sum(samples) // largest


def _is_single_scan(data: bytes, components: int) -> bool:
    """Return whether the first scan of a JPEG certainly holds the whole picture."""
    at = 2
    while at + 4 < len(data) and data[at] == 0xFF:
        if data[at + 1] == 0xDA:
            return data[at + 4] == components
        if data[at + 1] not in _JPEG_HEADERS:
            return False
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False


def _too_many_pixels() -> ValidationError:
    return ValidationError(_("The picture has too many pixels. Please make it smaller."))


def store(product: Product, data: Mapping[str, object]) -> None:
    """Replace or remove the picture of ``product``.

    Args:
        data: ``cleaned_data``: ``image``, from :func:`rewritten` or ``None``, and perhaps
            ``remove_image`` (bool).
    """
    new = data.get("image")
    if new is None and not data.get("remove_image"):
        return
    old = product.images.order_by("display_order", "pk").first()
    if new is not None:
        get_model("catalogue", "ProductImage").objects.create(
            product=product, original=new, display_order=0
        )
    if old is not None:
        # Oscar deletes the file with the row: last, when nothing else can fail.
        old.delete()

"""Pictures that sellers upload: opened, checked and rewritten.

Only files written by this module are stored. So none is a second format in disguise, truncated
(the catalogue page would fail for everybody), or tagged with the place of the photograph.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from PIL import Image, ImageOps

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from oscar_subscriptions.protocols import Product

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 1600  # pixels; larger pictures are scaled down


def rewritten(upload: UploadedFile) -> ContentFile[bytes]:
    """Return ``upload`` as a new JPEG (PNG where it is transparent) with a random name.

    Raises:
        ValidationError: too large, or not a whole picture in one of ``FORMATS``.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(_("The picture is larger than 5 MB."))
    try:
        image = _opened(upload)
    except ValidationError:
        raise
    except Exception as error:  # decoders raise all kinds of errors on a broken file
        raise ValidationError(
            _("This is not a picture that we can read. Please send a JPEG, PNG, WebP or GIF file.")
        ) from error
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
    image = Image.open(upload, formats=FORMATS)
    # Before decoding: a small file may unpack to gigabytes.
    if image.width * image.height > MAX_PIXELS:
        raise ValidationError(_("The picture has too many pixels."))
    image.load()
    upright = ImageOps.exif_transpose(image)
    transparent = "A" in upright.getbands() or "transparency" in upright.info
    plain = upright.convert("RGBA" if transparent else "RGB")
    plain.thumbnail((MAX_SIDE, MAX_SIDE))
    # A copy of the pixels alone has no metadata.
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean


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

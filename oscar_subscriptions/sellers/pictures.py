"""Pictures that sellers send: opened, checked, and written anew.

Only what this module wrote itself is stored. A file that is two things at once, a picture cut off
in the middle (on which the catalogue page would fail for everybody), and the place where a
photograph was taken all end here.
"""

import uuid
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 1600  # pixels; larger pictures are made smaller


def rewritten(upload: Any) -> ContentFile:
    """Return ``upload`` as a new JPEG (PNG where it is transparent) with a name of our own.

    Raises:
        ValidationError: too large, or not a whole picture in one of ``FORMATS``.
    """
    if upload.size > MAX_BYTES:
        raise ValidationError(_("The picture is larger than 5 MB."))
    try:
        image = _opened(upload)
    except ValidationError:
        raise
    except Exception as error:  # decoders raise anything at all on a broken file
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


def _opened(upload: Any) -> Image.Image:
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
    # A copy of the pixels alone carries no metadata along.
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean


def store(product: Any, data: dict[str, Any]) -> None:
    """Replace or remove the picture of ``product``, as its form says.

    Args:
        data: ``cleaned_data`` with ``image``, from :func:`rewritten`, and perhaps ``remove_image``.
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

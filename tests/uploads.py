"""Files as a browser sends them."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Any:
    """Return an uploaded file that is a real picture."""
    file = BytesIO()
    Image.new(mode, size, "teal").save(file, kind)
    return SimpleUploadedFile(f"picture.{kind.lower()}", file.getvalue())

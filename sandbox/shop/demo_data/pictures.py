"""Pictures of products: a gradient with a title on it, painted when they are needed."""

import hashlib
from io import BytesIO

from django.core.files.base import ContentFile
from oscar.core.loading import get_model
from PIL import Image, ImageColor, ImageDraw, ImageFont

WIDTH, HEIGHT = 640, 480
MARGIN = 48


def ensure(product, first: str, second: str, text: str) -> None:
    """Give ``product`` a picture if it has none.

    Args:
        first: colour at the top, such as ``"#cd7f32"``.
        second: colour at the bottom.
        text: a few words; each goes on a line of its own.
    """
    if product.images.exists():
        return
    name = hashlib.sha256(text.encode()).hexdigest()[:12]
    picture = ContentFile(paint(first, second, text), name=f"{name}.png")
    get_model("catalogue", "ProductImage").objects.create(product=product, original=picture)


def paint(first: str, second: str, text: str) -> bytes:
    """Return the picture as PNG. Arguments as in :func:`ensure`."""
    shade = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    top = Image.new("RGB", (WIDTH, HEIGHT), ImageColor.getrgb(first))
    bottom = Image.new("RGB", (WIDTH, HEIGHT), ImageColor.getrgb(second))
    image = Image.composite(bottom, top, shade)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=56)
    draw.multiline_text((MARGIN, MARGIN), "\n".join(text.split()), fill="white", font=font)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()

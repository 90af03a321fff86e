"""``python -m tests.browser.pictures``: the README's pictures, from those of the last walks.

A README is not looked at on a whole screen: the upper part of a page, smaller, with few colours.
"""

import sys
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image

SHOTS = Path(__file__).parent / "shots" / "journey"
IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
MAX_BYTES = 150_000
COLOURS = 128


class Picture(NamedTuple):
    """One picture of the README.

    Attributes:
        walk: language and width of the walk that took it.
        page: as the walk calls it.
        height: how much of the page is kept, in its own pixels.
        width: of the picture.
    """

    walk: str
    page: str
    height: int
    width: int


PICTURES = {
    "plans": Picture("en-1280", "plans", 900, 960),
    "plan": Picture("en-1280", "plan", 900, 960),
    "order": Picture("en-1280", "order", 1100, 960),
    "member-space": Picture("en-1280", "member-space", 800, 960),
    "dashboard": Picture("en-1280", "subscriptions", 700, 960),
    "phone": Picture("fr-390", "plans", 844, 390),
}


def main() -> int:
    """Write all pictures; return the exit status."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name, picture in PICTURES.items():
        found = sorted((SHOTS / picture.walk).glob(f"[0-9][0-9]-{picture.page}.png"))
        if not found:
            print(f"pictures: there is no {picture.walk}/{picture.page} yet: walk first")
            return 1
        content = reduced(found[0], picture)
        if len(content) > MAX_BYTES:
            print(f"pictures: {name}.png has {len(content)} bytes, more than {MAX_BYTES}")
            return 1
        (IMAGES / f"{name}.png").write_bytes(content)
    print(f"pictures: {len(PICTURES)} in {IMAGES.relative_to(Path.cwd())}")
    return 0


def reduced(file: Path, picture: Picture) -> bytes:
    """Return the upper part of the picture in ``file``, in the size of ``picture``, as PNG."""
    with Image.open(file) as shot:
        page = shot.convert("RGB")
    page = page.crop((0, 0, page.width, min(page.height, picture.height)))
    page.thumbnail((picture.width, picture.height), Image.Resampling.LANCZOS)
    content = BytesIO()
    page.quantize(COLOURS).save(content, "PNG", optimize=True)
    return content.getvalue()


if __name__ == "__main__":
    sys.exit(main())

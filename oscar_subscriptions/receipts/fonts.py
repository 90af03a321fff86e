"""The font of a receipt, and a replacement for each letter that it lacks.

Without a font of the shop's own it is Helvetica, which every PDF reader has, with the letters of
Western Europe. A letter that the font lacks is transliterated ("Шевченко" becomes "Shevchenko"), or
printed as its code point: never a question mark, and never an error.
"""

import logging
import unicodedata
from collections.abc import Container

from anyascii import anyascii
from fpdf import FPDF
from fpdf.fonts import TTFFont

from oscar_subscriptions import conf

logger = logging.getLogger(__name__)

BUILT_IN, OWN = "Helvetica", "shop"
# The encoding of PDF's built-in fonts: Latin-1 with the euro and curly quotes.
ENCODING = "cp1252"
# The built-in fonts have one width of space.
SPACES = dict.fromkeys(map(ord, "\u2007\u2009\u202f"), "\u00a0")


class Letters:
    """The font of one document.

    Attributes:
        family: name of the font, for ``FPDF.set_font``.
        has_bold: whether it has a bold face.
    """

    def __init__(self, document: FPDF) -> None:
        document.core_fonts_encoding = ENCODING
        path = conf.settings.RECEIPT_FONT
        self.family = OWN if path else BUILT_IN
        self.has_bold = not path
        self._known: Container[int] | None = None
        if path:
            document.add_font(OWN, fname=path)
            font = document.fonts[OWN]
            self._known = font.cmap if isinstance(font, TTFFont) else None

    def printable(self, text: str) -> str:
        """Return ``text`` in letters that the font has."""
        whole = unicodedata.normalize("NFC", text)
        if self.family == BUILT_IN:
            whole = whole.translate(SPACES)
        printed = "".join(letter if self._has(letter) else _replaced(letter) for letter in whole)
        if printed != whole:
            logger.warning("%r is printed as %r: the font lacks letters", text, printed)
        return printed

    def _has(self, letter: str) -> bool:
        if self._known is not None:
            return ord(letter) in self._known
        try:
            letter.encode(ENCODING)
        except UnicodeEncodeError:
            return False
        # Control characters can be encoded too, but print nothing.
        return unicodedata.category(letter) != "Cc"


def _replaced(letter: str) -> str:
    if unicodedata.category(letter) in ("Cc", "Cf"):
        return ""  # invisible: line breaks, marks of the writing direction
    return anyascii(letter) or f"U+{ord(letter):04X}"

"""Which letters a receipt can be printed in, and what becomes of the others.

Without a font of the shop's own, Helvetica, which every PDF reader has: Western European letters.
What the font has no letter for is transliterated ("Шевченко" becomes "Shevchenko"), and what can't
be, is printed by its code point: never a question mark, and never an error.
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
# Windows' Latin-1, which has the euro and curly quotes too; and PDF's own name for it.
ENCODING = "cp1252"
# Spaces that the built-in fonts have only in one width.
SPACES = dict.fromkeys(map(ord, "\u2007\u2009\u202f"), "\u00a0")


class Letters:
    """The font of one document.

    Attributes:
        family: its name, for ``FPDF.set_font``.
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
        # What is unassigned there, Python encodes all the same; control characters print nothing.
        return unicodedata.category(letter) != "Cc"


def _replaced(letter: str) -> str:
    if unicodedata.category(letter) in ("Cc", "Cf"):
        return ""  # invisible: line breaks, marks of the writing direction
    return anyascii(letter) or f"U+{ord(letter):04X}"

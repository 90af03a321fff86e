"""Print a receipt: one page of A4, or more, as PDF.

Printed twice it is the same file, byte by byte, unless a refund was noted on it in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fpdf import FPDF, FontFace, ViewerPreferences
from fpdf.enums import Align, TableBordersLayout, XPos, YPos

from oscar_subscriptions.receipts import wording
from oscar_subscriptions.receipts.fonts import Letters

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Receipt

# Millimetres; sizes of letters are in points.
MARGIN = 20
HALF = 80  # width of each of the two columns of addresses
LABEL = 40
LINE = 5.2
COLUMNS = (86, 28, 28, 28)
AMOUNTS = 28
TEXT, SMALL, LARGE = 10, 8.5, 20
INK, FAINT = (33, 37, 41), (110, 116, 122)


def write(receipt: Receipt) -> bytes:
    """Return ``receipt`` as the bytes of a PDF."""
    document = Document(wording.wording_of(receipt), receipt)
    return bytes(document.output())


class Document(FPDF):
    """The document, written from top to bottom as it is made."""

    def __init__(self, words: wording.Wording, receipt: Receipt) -> None:
        super().__init__(format="A4")
        self.words = words
        self.letters = Letters(self)
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, margin=MARGIN + 5)
        # Screen readers and archives show them.
        self.set_title(words.title)
        self.set_author(words.parties[0].name)
        self.set_lang(words.language)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.set_creation_date(receipt.issued_at)
        self.add_page()
        for part in (self._heading, self._parties, self._facts, self._lines, self._totals):
            part()
        self._notes()

    def footer(self) -> None:
        """Print the numbers of the receipt and of the page at the foot of the page."""
        self.set_y(-MARGIN)
        self._font(SMALL, colour=FAINT)
        self.cell(0, LINE, self._text(f"{self.words.title} – {self.page_no()} / {{nb}}"))

    def _heading(self) -> None:
        self._font(LARGE, bold=True)
        self._row(self.words.title, height=10)
        self._font(TEXT, colour=FAINT)
        self._row(self.words.issued)
        self.ln(8)

    def _parties(self) -> None:
        top, bottoms = self.get_y(), []
        for number, party in enumerate(self.words.parties):
            left = self.l_margin + number * (HALF + 10)
            self.set_xy(left, top)
            self._font(SMALL, colour=FAINT)
            self._column(party.heading, left)
            self._font(TEXT, bold=True)
            self._column(party.name, left)
            self._font(TEXT)
            for line in party.lines:
                self._column(line, left)
            bottoms.append(self.get_y())
        self.set_y(max(bottoms) + 8)

    def _facts(self) -> None:
        for label, value in self.words.facts:
            self._font(TEXT, colour=FAINT)
            self.cell(LABEL, LINE, self._text(label))
            self._font(TEXT)
            self._row(value)
        self.ln(8)

    def _lines(self) -> None:
        self._font(TEXT)
        headings = FontFace(emphasis="BOLD" if self.letters.has_bold else None, color=INK)
        with self.table(
            col_widths=COLUMNS,
            text_align=(Align.L, Align.R, Align.R, Align.R),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=headings,
            line_height=LINE,
            padding=(1.5, 1),
            v_align="TOP",
        ) as table:
            table.row([self._text(heading) for heading in self.words.headings])
            for line in self.words.lines:
                what = "\n".join([line.title, *line.details])
                table.row([self._text(part) for part in (what, line.net, line.tax, line.gross)])
        self.ln(4)

    def _totals(self) -> None:
        last = len(self.words.totals) - 1
        for place, (label, amount) in enumerate(self.words.totals):
            self._font(TEXT, bold=place == last)
            width = self.epw - AMOUNTS
            self.cell(width, LINE + 1, self._text(label), align=Align.R)
            self.cell(
                AMOUNTS,
                LINE + 1,
                self._text(amount),
                align=Align.R,
                new_x=XPos.LMARGIN,
                new_y=YPos.NEXT,
            )
        self.ln(6)

    def _notes(self) -> None:
        self._font(TEXT)
        for note in self.words.notes:
            self._row(note)

    def _font(self, size: float, *, bold: bool = False, colour: tuple[int, int, int] = INK) -> None:
        self.set_font(self.letters.family, "B" if bold and self.letters.has_bold else "", size)
        self.set_text_color(*colour)

    def _row(self, text: str, height: float = LINE) -> None:
        self.multi_cell(0, height, self._text(text), align=Align.L, new_x=XPos.LMARGIN)

    def _column(self, text: str, left: float) -> None:
        self.set_x(left)
        self.multi_cell(HALF, LINE, self._text(text), align=Align.L, new_x=XPos.LEFT)

    def _text(self, text: str) -> str:
        return "\n".join(self.letters.printable(line) for line in text.split("\n"))

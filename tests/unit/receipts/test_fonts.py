"""Which letters a receipt is printed in: those that the font has, and never a question mark."""

import logging

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fpdf import FPDF

from oscar_subscriptions.receipts import fonts, printing
from tests.unit.receipts.pdf import letters_of, texts, uncompressed


@pytest.fixture
def own_font(settings, tmp_path):
    """A font of squares, for the letters of ASCII and of Шевченко alone."""
    letters = sorted({chr(code) for code in range(32, 127)} | set("Шевченко"))
    names = [f"u{ord(letter):04X}" for letter in letters]
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", *names])
    builder.setupCharacterMap({ord(letter): f"u{ord(letter):04X}" for letter in letters})
    pen = TTGlyphPen(None)
    for place, point in enumerate([(0, 0), (0, 500), (500, 500), (500, 0)]):
        pen.lineTo(point) if place else pen.moveTo(point)
    pen.closePath()
    builder.setupGlyf(dict.fromkeys([".notdef", *names], pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names], (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    path = tmp_path / "squares.ttf"
    builder.save(path)
    settings.OSCAR_SUBSCRIPTIONS_RECEIPT_FONT = path
    return path


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Zoë d’Été", "Zoë d’Été"),
        ("Zoe\u0308", "Zoë"),  # letter and accent apart
        ("Łukasz Őry", "Lukasz Ory"),
        ("Олена Шевченко", "Olena Shevchenko"),
        ("Ελένη", "Eleni"),
        ("a\u2028b\tc\u200f", "a bc"),
        ("\U000f0000", "U+F0000"),  # nobody's letter
        ("(a\\b)?", "(a\\b)?"),
    ],
)
def test_no_name_is_an_error_or_a_question_mark(receipt, name, printed):
    member = {"name": name, "address": [name]}
    assert texts(receipt(member=member)).count(printed) == 2


def test_letters_that_are_spelt_otherwise_are_reported(receipt, caplog):
    printing.write(receipt(member={"name": "Шевченко", "address": []}))
    [record] = caplog.records
    assert "Shevchenko" in record.getMessage()


def test_the_shop_s_own_font_prints_the_letters_that_it_has(receipt, own_font, caplog):
    issued = receipt(member={"name": "Шевченко", "address": []})
    pdf = uncompressed(issued)
    assert set("Шевченко") <= letters_of(pdf)
    assert b"Squares" in pdf
    assert printing.write(issued) == printing.write(issued)
    # The euro and the dash of the foot it has not.
    assert all("Шевченко" not in record.getMessage() for record in caplog.records)


def test_letters_that_the_shop_s_own_font_lacks_are_spelt_otherwise(receipt, own_font, caplog):
    pdf = uncompressed(receipt(member={"name": "Ж", "address": []}))
    assert "Ж" not in letters_of(pdf)
    assert any("'Ж' is printed as 'Zh'" in record.getMessage() for record in caplog.records)
    assert "missing" not in caplog.text  # what fpdf2 says when it prints an empty box


def test_without_a_font_of_the_shop_it_is_helvetica_with_a_bold_face():
    letters = fonts.Letters(FPDF())
    assert (letters.family, letters.has_bold) == ("Helvetica", True)


def test_the_shop_s_own_font_has_no_bold_face(own_font):
    document = FPDF()
    letters = fonts.Letters(document)
    assert (letters.family, letters.has_bold) == ("shop", False)
    assert letters.family in document.fonts


@pytest.mark.parametrize("text", ["“1\u202f440,00\u00a0€” – l’été", "Straße Œuvre Ñ", ""])
def test_western_europe_is_printed_letter_by_letter(text, caplog):
    printed = fonts.Letters(FPDF()).printable(text)
    assert printed == text.replace("\u202f", "\u00a0")
    assert caplog.records == []


def test_narrow_spaces_stay_where_the_font_may_have_them(own_font, caplog):
    caplog.set_level(logging.WARNING, logger="oscar_subscriptions")
    fonts.Letters(FPDF()).printable("1\u202f440")
    assert "'1\\u202f440'" in caplog.text


def test_what_is_unassigned_in_the_encoding_prints_nothing():
    """Python encodes these code points all the same, and a reader would show a box."""
    assert fonts.Letters(FPDF()).printable("a\x81\x90b\x00") == "ab"

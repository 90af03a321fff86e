"""The PDF of a receipt: what it says, in which language and letters, and that it stays the same."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from django.utils import translation
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from oscar.core.loading import get_model

from oscar_subscriptions.receipts import printing, wording

Receipt = get_model("oscar_subscriptions", "Receipt")
Source = get_model("payment", "Source")
SourceType = get_model("payment", "SourceType")

FACTS = {
    "language": "en",
    "vendor": {
        "name": "Intras Consultants",
        "address": ["10 rue de la Bourse", "69002 Lyon", "France"],
        "details": ["SIRET 123 456 789 00012"],
    },
    "member": {"name": "Ada Martin", "address": ["1 rue de la Paix", "75002 Paris"]},
    "order": "100001",
    "ordered_on": "2026-11-22",
    "paid_on": "2026-11-23",
    "payment": "Stripe Checkout pi_1",
    "plan": "Silver",
    "starts_on": "2026-11-23",
    "ends_on": "2027-11-23",
    "currency": "EUR",
    "lines": [
        {"title": "Silver", "quantity": 1, "net": "1200.00", "gross": "1440.00", "discount": "0.00"}
    ],
    "vat": [{"rate": "20", "net": "1200.00", "tax": "240.00"}],
    "net": "1200.00",
    "tax": "240.00",
    "gross": "1440.00",
}


@pytest.fixture
def receipt(shop):
    """``receipt(**facts)`` – a receipt of 23 November 2026 that is not saved."""
    order = shop.make_order(shop.make_user())

    def make(**facts):
        return Receipt(
            order=order,
            number="2026-000123",
            issued_at=datetime(2026, 11, 23, 11, tzinfo=UTC),
            issued_on=date(2026, 11, 23),
            facts=FACTS | facts,
        )

    return make


def uncompressed(receipt):
    """The PDF with its text in the open."""
    document = printing.Document(wording.of(receipt), receipt)
    document.set_compression(False)
    return bytes(document.output())


def texts(receipt):
    """What a PDF in a built-in font prints, piece by piece."""
    pieces = re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", uncompressed(receipt))
    return [re.sub(rb"\\(.)", rb"\1", piece).decode("cp1252") for piece in pieces]


def test_everything_that_a_receipt_needs_is_on_the_page(receipt):
    printed = texts(receipt())
    for text in (
        "Receipt 2026-000123",
        "Issued on Nov. 23, 2026",
        "Intras Consultants",
        "69002 Lyon",
        "SIRET 123 456 789 00012",
        "Ada Martin",
        "75002 Paris",
        "100001 of Nov. 22, 2026",
        "Stripe Checkout pi_1",
        "Silver",
        "Total excl. VAT",
        "VAT 20% on €1,200.00",
        "€240.00",
        "Total paid",
        "€1,440.00",
    ):
        assert text in printed, text
    assert "From Nov. 23, 2026 to Nov. 23, 2027 inclusive" in " ".join(printed)
    assert printed.count("€1,440.00") == 2  # the line, and the total


def test_the_receipt_is_in_the_member_s_language_whoever_looks(receipt):
    with translation.override("en"):
        printed = texts(receipt(language="fr"))
    assert {"23 novembre 2026", "Total payé", "1\u00a0440,00\u00a0€"} <= set(printed)
    assert "Total paid" not in printed


def test_readers_are_told_title_author_and_language(receipt):
    pdf = uncompressed(receipt(language="fr"))
    assert b"/Lang (fr)" in pdf
    assert b"/DisplayDocTitle true" in pdf
    assert "2026-000123".encode("utf-16-be") in pdf or b"2026-000123)" in pdf
    assert b"/Author (Intras Consultants)" in pdf
    assert b"/CreationDate (D:20261123110000Z" in pdf


def test_printed_again_it_is_the_same_file(receipt, time_machine):
    before = printing.write(receipt())
    time_machine.move_to("2036-01-01")
    assert printing.write(receipt()) == before


def test_an_order_without_vat_says_so(receipt):
    printed = texts(receipt(vat=[], tax="0.00", net="1440.00"))
    assert "No VAT was charged." in printed
    assert not any(text.startswith("VAT 2") for text in printed)


def test_vat_whose_rate_is_unknown_is_one_amount(receipt):
    part = {"rate": None, "net": "1200.00", "tax": "240.00"}
    assert texts(receipt(vat=[part])).count("VAT") == 2  # the column, and the total


def test_rates_and_discounts_are_written_as_the_language_has_it(receipt):
    line = FACTS["lines"][0] | {"discount": "60.00", "quantity": 2}
    parts = [{"rate": "5.5", "net": "1200.00", "tax": "66.00"}]
    words = wording.of(receipt(language="fr", lines=[line], vat=parts))
    assert words.lines[0].title == "Silver × 2"
    assert "60,00\u00a0€" in words.lines[0].details[1]
    assert "5,5" in words.totals[1][0]


def test_a_payment_without_reference_has_no_row(receipt):
    assert "Payment" not in texts(receipt(payment=""))


def test_a_refund_is_noted_and_the_facts_are_left_alone(receipt, time_machine):
    issued = receipt()
    source = Source.objects.create(
        order=issued.order, source_type=SourceType.objects.create(name="Stripe"), currency="EUR"
    )
    assert not any("refunded" in text for text in texts(issued))
    time_machine.move_to("2026-12-24 23:30+00:00")  # in Paris it is Christmas
    source.refund(D("40.00"))
    note = "Note: €40.00 of this payment was refunded on Dec. 25, 2026."
    assert note in texts(issued)
    assert issued.facts == FACTS


# Letters.


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


def letters_of(pdf):
    """The letters that a PDF with a font of its own holds."""
    pairs = re.findall(rb"<[0-9A-F]{4}> <([0-9A-F]{4})>", pdf)
    return {chr(int(code, 16)) for code in pairs}


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


def test_a_long_name_and_many_lines_take_more_pages_and_lose_nothing(receipt):
    line = FACTS["lines"][0]
    lines = [line | {"title": f"Extra {number}"} for number in range(60)]
    printed = texts(receipt(lines=lines, member={"name": "Ada " * 60, "address": []}))
    assert {f"Extra {number}" for number in range(60)} <= set(printed)
    assert "Total paid" in printed
    assert sum(text.startswith("Receipt 2026-000123 –") for text in printed) == 3

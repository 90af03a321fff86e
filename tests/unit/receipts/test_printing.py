"""The PDF of a receipt: what is on the page, and that it stays the same."""

import re

from oscar_subscriptions.receipts import printing
from tests.unit.receipts.pdf import FACTS, texts, uncompressed


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


def test_a_long_name_and_many_lines_take_more_pages_and_lose_nothing(receipt):
    line = FACTS["lines"][0]
    lines = [line | {"title": f"Extra {number}"} for number in range(60)]
    printed = texts(receipt(lines=lines, member={"name": "Ada " * 60, "address": []}))
    assert {f"Extra {number}" for number in range(60)} <= set(printed)
    assert "Total paid" in printed
    assert sum(text.startswith("Receipt 2026-000123 –") for text in printed) == 3


def test_each_page_says_how_many_there_are(receipt):
    lines = [FACTS["lines"][0] | {"title": f"Extra {number}"} for number in range(60)]
    printed = texts(receipt(lines=lines))
    feet = [place for place, text in enumerate(printed) if text.startswith("Receipt 2026-000123 –")]
    numbers = [f"{printed[place]}{printed[place + 1]}".rpartition(" – ")[2] for place in feet]
    assert numbers == ["1 / 3", "2 / 3", "3 / 3"]


def test_addresses_are_never_on_top_of_what_follows(receipt):
    """The longer of the two columns decides."""
    address = [f"Line {number}" for number in range(12)]
    for side in ("vendor", "member"):
        pdf = uncompressed(receipt(**{side: FACTS[side] | {"address": address}}))
        heights = [
            float(height)
            for height in re.findall(rb"([\d.]+) Td [\d. ]+ rg \((?:Line 11|Order)\) Tj", pdf)
        ]
        assert len(heights) == 2
        assert heights[0] > heights[1]


def test_a_line_break_in_a_name_is_a_line_of_its_own(receipt):
    printed = texts(receipt(member={"name": "Ada\nMartin", "address": []}))
    assert {"Ada", "Martin"} <= set(printed)

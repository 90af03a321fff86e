"""The facts of a receipt, and what is read in its PDF."""

import re
from typing import Any

from oscar_subscriptions.receipts import printing, wording

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
    "sources": [],
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


def uncompressed(receipt: Any) -> bytes:
    """Return the PDF with its text in the open."""
    document = printing.Document(wording.wording_of(receipt), receipt)
    document.set_compression(False)
    return bytes(document.output())


def texts(receipt: Any) -> list[str]:
    """Return what a PDF in a built-in font prints, piece by piece."""
    pieces = re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", uncompressed(receipt))
    return [re.sub(rb"\\(.)", rb"\1", piece).decode("cp1252") for piece in pieces]


def letters_of(pdf: bytes) -> set[str]:
    """Return the letters that a PDF with a font of its own holds."""
    pairs = re.findall(rb"<[0-9A-F]{4}> <([0-9A-F]{4})>", pdf)
    return {chr(int(code, 16)) for code in pairs}

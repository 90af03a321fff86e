"""Receipts of paid orders: numbered without a gap, and printed as PDF where fpdf2 is installed.

``issuing`` draws the number and keeps the facts in the transaction that gives the term, whether or
not fpdf2 is installed. ``printing`` makes a PDF of a receipt at any later time.
"""

from importlib.util import find_spec

from oscar_subscriptions.receipts.issuing import issue, issue_first, terms_without_receipt

__all__ = ["is_printable", "issue", "issue_first", "terms_without_receipt"]

# What the extra [receipts] installs.
PACKAGES = ("fpdf", "anyascii")


def is_printable() -> bool:
    """Return whether receipts can be printed here; if not, no page links to one."""
    return all(find_spec(package) is not None for package in PACKAGES)

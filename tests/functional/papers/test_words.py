"""The table of what the shop says about money holds every sentence, and contradicts no fact."""

import re

import pytest

from tests.functional.papers import words
from tests.unit.test_catalogues import APPS, FRENCH, ids, messages, strings, texts_of_the_code

PAGES = words.table(words.PAGES)
RENEWALS = words.table(words.RENEWALS)
ROWS = [*PAGES.values(), *RENEWALS.values()]
ABOUT_MONEY = {
    "en": r"charged|\bpaid|refunded|received|arrived|money|disputed|confirmed the|gone back|"
    r"stands again|not be paid",
    "fr": r"débit[ée]|prélevé|\bpayé|remboursé|encaissé|l’argent|contestation",
}


@pytest.mark.parametrize("which", [PAGES, RENEWALS], ids=["pages", "renewals"])
def test_the_table_knows_every_state_at_every_door(which):
    states, _providers, doors = map(set, zip(*which, strict=True))
    expected = {(s, p, d) for s in states for p in ("answers", "silent") for d in doors}
    assert set(which) == expected


def test_no_sentence_stands_where_its_facts_are_not_known():
    for money, term, says in ROWS:
        assert money in words.MONEY and term in words.TERMS
        for name in says - {"to-provider"}:
            claim = words.CLAIMS[name]
            assert money in claim.money and term in claim.terms, (name, money, term)


def test_every_sentence_of_the_table_is_read_somewhere():
    assert set(words.CLAIMS) == set().union(*(says for _m, _t, says in ROWS)) - {"to-provider"}


def test_every_sentence_about_money_is_in_the_table():
    known = {claim.text for claim in words.CLAIMS.values()} | words.OTHERS
    texts = {text for _context, text in texts_of_the_code(APPS[0])}
    found = {text for text in texts if re.search(ABOUT_MONEY["en"], text, re.IGNORECASE)}
    for message in messages(FRENCH[0]):
        if re.search(ABOUT_MONEY["fr"], " ".join(strings(message)), re.IGNORECASE):
            found |= {ids(message)[0]} & texts
    assert (found - known, known - texts) == (set(), set())

"""The checks find what they are for: each page here is right except for one thing."""

from typing import Any

import pytest

from tests.browser import accessibility, page_checks
from tests.browser.walk import ChromiumWalk

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="{lang}"><head><title>Boutique</title></head><body>
<main><h1>Bonjour</h1>{body}</main></body></html>"""

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACADs="


@pytest.fixture(scope="module")
def page(browser: Any) -> Any:
    """A window of a phone's size; each test puts its own page into it."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    yield page
    page.close()


def problems(page: Any, body: str, lang: str = "fr") -> list[str]:
    page.set_content(PAGE.format(lang=lang, body=body), wait_until="load")
    facts = page_checks.facts(page)
    found = page_checks.problems(facts, "fr", 390)
    found += page_checks.card_fields(facts) + page_checks.unprotected_forms(facts)
    return found + accessibility.problems(page)


@pytest.mark.parametrize(
    "body",
    [
        f"<p>Prix\xa0: 240,00\xa0€, «\xa0Silver\xa0»</p><img src='{PIXEL}' alt=''>",
        "<p>Le 3 février 2017 à 12:30, sur https://shop.example/?a=b</p>",
        "<p lang='en'>Please find your basket here</p>",
        "<p>service, date, page, message, description, total</p>",
    ],
)
def test_page_that_is_right_has_no_problem(page: Any, body: str) -> None:
    assert problems(page, body) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<p>Add to basket</p>", "not translated: “Add to basket”"),
        ("<p hidden>Your order</p>", "not translated: “Your order”"),
        (f"<img src='{PIXEL}' alt='Your picture'>", "not translated: “Your picture”"),
        ("<p>Prix : 240</p>", "French spacing: “Prix : 240”"),
        ("<p>Prix: 240</p>", "French spacing: “Prix:”"),
        ("<p>« Silver\xa0»</p>", "French spacing: “« Silve”"),
        ("<img src='data:image/png;base64,AAAA' alt=''>", "image data:image/png;base64,AAAA is"),
        ("<div style='width: 500px'>Large</div>", "is 508 pixels wide, because of ['div']"),
        ("<label>N° <input name='card_number'></label>", "asks for a card: card_number"),
        ("<label>N° <input autocomplete='cc-csc'></label>", "asks for a card: cc-csc"),
        ("<form method='post' action='/off/'></form>", "a form without its token: /off/"),
        ("<input name='q'>", "axe, critical, label: <input"),
        ("<p style='color: #ccc'>Pâle</p>", "axe, serious, color-contrast: <p style"),
    ],
)
def test_what_is_wrong_is_found(page: Any, body: str, problem: str) -> None:
    (found,) = problems(page, body)
    assert problem in found


def test_page_in_the_wrong_language_is_found(page: Any) -> None:
    assert "its language is “en”, not “fr”" in problems(page, "<p>Bonjour</p>", lang="en")


@pytest.mark.parametrize("text", ["Votre panier", "Voir le prix", "Mot de passe : obligatoire"])
def test_french_on_an_english_page_is_found(text: str) -> None:
    assert page_checks.untranslated([text, "Abonnement Silver", "Conseil"], "en") == [text]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<script>console.error('so what')</script>", "console: so what"),
        ("<script>missing()</script>", "script error: missing is not defined"),
        ("<img src='/gone.png' alt=''>", "404 for "),
        ("<img src='http://127.0.0.1:9/x.png' alt=''>", "another origin: http://127.0.0.1:9/x.png"),
    ],
)
@pytest.mark.parametrize(("language", "width"), [("fr", 390)])
def test_trouble_behind_the_page_is_found(
    walk: ChromiumWalk, live_server: Any, language: str, width: int, body: str, problem: str
) -> None:
    visitor = walk.visitor()
    visitor.page.route(
        "**/broken/",
        lambda route: route.fulfill(
            body=PAGE.format(lang="fr", body=body), content_type="text/html; charset=utf-8"
        ),
    )
    visitor.open("/broken/")
    visitor.look("broken")
    assert any(problem in found for found in walk.problems), walk.problems
    with pytest.raises(AssertionError, match="on 1 pages"):
        walk.must_be_flawless()

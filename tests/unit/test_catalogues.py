"""The French catalogues: complete, compiled, in step with the code, and typeset as in French."""

import ast
import gettext as gnu_gettext
import re
from io import BytesIO
from pathlib import Path

import oscar
import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
APPS = [ROOT / "oscar_subscriptions", ROOT / "sandbox/shop"]
FRENCH = [app / "locale/fr/LC_MESSAGES/django.po" for app in APPS]
ENGLISH = ROOT / "oscar_subscriptions/locale/en/LC_MESSAGES/django.po"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
NO_BREAK, NARROW = "\u00a0", "\u202f"


def named(path):
    return str(path.relative_to(ROOT))


every_app = pytest.mark.parametrize("app", APPS, ids=named)
every_french = pytest.mark.parametrize("path", FRENCH, ids=named)
every_catalogue = pytest.mark.parametrize("path", [*FRENCH, ENGLISH], ids=named)


def messages(path):
    """Return the messages of a .po file, without its header."""
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def ids(message):
    """Return the English of a message: one text, or singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings(message):
    """Return the translations of a message: one text, or one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def context(message):
    """Return the context of a compiled message; Babel before 2.19 leaves it undecoded."""
    return message.context.decode() if isinstance(message.context, bytes) else message.context


def placeholders(text):
    return set(re.findall(r"%(?:\(\w+\))?[sd]", text))


def tags(text):
    return sorted(re.findall(r"<[^>]+>", text))


def prose(text):
    """Return a text without its tags, addresses and placeholders."""
    return re.sub(r"<[^>]+>|https?://\S+|%\(\w+\)[sd]", "x", text)


def typesetting_faults(text):
    """Return what a French typesetter would mark in a text."""
    rules = {
        "straight quote": r"[\"']",
        "English quote": r"[“”]",
        "three dots": r"\.\.\.",
        "colon without its no-break space": f"(?<!{NO_BREAK}):",
        "mark without its narrow no-break space": f"(?<!{NARROW})[;!?]",
        "guillemet without its no-break space": f"«(?!{NO_BREAK})|(?<!{NO_BREAK})»",
        "ordinary space after n°": "n° ",
        "ordinary space before a unit": r"\d (?:Mo|%|€)",
    }
    return [fault for fault, pattern in rules.items() if re.search(pattern, prose(text))]


def texts_of_the_code(app):
    """Return ``(context, singular)`` of every translatable text in an app's code and templates."""
    found = set()
    for path in sorted(app.rglob("*")):
        if path.suffix == ".py":
            source = path.read_text(encoding="utf-8")
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            source = templatize(path.read_text(encoding="utf-8"))
            # Python's tokenizer minds how lines are indented.
            source = "\n".join(line.lstrip() for line in source.splitlines())
        else:
            continue
        for _line, text, _comments, context in extract(
            "python", BytesIO(source.encode()), keywords=KEYWORDS
        ):
            found.add((context, text if isinstance(text, str) else text[0]))
    return found


@every_french
def test_every_text_is_translated(path):
    missing = [message.id for message in messages(path) if not all(strings(message))]
    fuzzy = [message.id for message in messages(path) if message.fuzzy]
    assert (missing, fuzzy) == ([], [])


@every_french
def test_no_translation_lost_a_placeholder_or_a_tag(path):
    for message in messages(path):
        english, french = ids(message), strings(message)
        assert placeholders(french[-1]) == placeholders(english[-1]), message.id
        # A singular may say its number in words.
        assert placeholders(french[0]) in [placeholders(text) for text in english], message.id
        assert all(tags(text) == tags(english[-1]) for text in french), message.id


@every_french
def test_french_is_typeset_as_french(path):
    marked = {
        text: typesetting_faults(text)
        for message in messages(path)
        for text in strings(message)
        if typesetting_faults(text)
    }
    assert marked == {}


@pytest.mark.parametrize(
    "text",
    [
        "Total : 5",
        "Total: 5",
        "Bravo !",
        "Bravo!",
        "« ici »",
        "“ici”",
        "l'abonnement",
        "Envoi...",
        "commande n° 5",
        "5 Mo",
    ],
)
def test_the_typesetter_sees_the_usual_faults(text):
    assert typesetting_faults(text)


def test_the_typesetter_leaves_addresses_and_attributes_alone():
    assert not typesetting_faults('<a href="%(url)s">https://shop.example/?a=1;b</a>')


@every_catalogue
def test_the_compiled_catalogue_holds_what_the_text_file_says(path):
    with path.with_suffix(".mo").open("rb") as file:
        compiled = {(context(m), ids(m)): strings(m) for m in read_mo(file) if m.id}
    written = {(m.context, ids(m)): strings(m) for m in messages(path) if any(strings(m))}
    assert compiled == written, "run `make messages`"


@every_app
def test_the_catalogue_holds_the_texts_of_the_code_and_no_others(app):
    catalogue = {
        (message.context, ids(message)[0])
        for message in messages(app / "locale/fr/LC_MESSAGES/django.po")
    }
    code = texts_of_the_code(app)
    assert (code - catalogue, catalogue - code) == (set(), set()), "run `make messages`"


def test_the_english_catalogue_names_the_same_texts():
    assert [ids(m) for m in messages(ENGLISH)] == [ids(m) for m in messages(FRENCH[0])]


@every_catalogue
def test_the_header_says_which_project_and_language(path):
    with path.open("rb") as file:
        headers = {name: value.strip() for name, value in read_po(file).mime_headers}
    assert headers["Project-Id-Version"] == "django-oscar-subscriptions"
    assert headers["Language"] == path.parts[-3]
    assert "@" not in headers["Last-Translator"] + headers["Language-Team"]


def test_the_shop_rewords_only_texts_that_oscar_still_has():
    """A text that Oscar has reworded would stay in the shop's catalogue and do nothing."""
    compiled = Path(oscar.__file__).parent / "locale/fr/LC_MESSAGES/django.mo"
    with compiled.open("rb") as file:
        known = gnu_gettext.GNUTranslations(file)._catalog
    source = (ROOT / "sandbox/shop/oscar_texts.py").read_bytes()
    for _line, text, _comments, context in extract("python", BytesIO(source), keywords=KEYWORDS):
        key = text if isinstance(text, str) else (text[0], 0)
        assert (f"{context}\x04{key}" if context else key) in known


@pytest.mark.parametrize(
    ("english", "french"),
    [
        # Django's admin calls a position in a list "Order", and its catalogue comes before Oscar's.
        ("Order", "Commande"),
        ("Remove", "Supprimer"),
        ("Proceed to checkout", "Procéder à la commande"),
        ("Email address", "Adresse e-mail"),
    ],
)
def test_the_merged_catalogues_say_what_the_pages_mean(english, french):
    with translation.override("fr"):
        assert translation.gettext(english) == french


def test_no_text_is_marked_inside_an_f_string():
    """makemessages does not look there, and the text would stay English without a word."""
    marked = [
        f"{named(path)}:{call.lineno}"
        for app in APPS
        for path in app.rglob("*.py")
        for string in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"_", *KEYWORDS}
    ]
    assert marked == []

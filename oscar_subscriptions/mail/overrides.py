"""The rows that make our e-mails editable in Oscar's dashboard: one for each kind and language.

Oscar's dashboard edits only rows that are there, and a row has one text for every language. So
each language of the shop has rows of its own. They are made empty: an empty field means the file.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from django.conf import global_settings, settings
from django.db import connections, router
from django.utils import translation
from oscar.core.loading import get_model

# Without the SMS: Oscar's dispatcher raises when there is one, after the e-mail has left.
FIELDS = ("email_subject_template", "email_body_template", "email_body_html_template")
PLAIN_FIELDS = FIELDS[:2]


def row_code(code: str, language: str) -> str:
    """Return the code of a kind's row for one language: ``…_FR``, ``…_PT_BR``."""
    return f"{code}_{language.replace('-', '_').upper()}"


def typed(code: str, language: str) -> dict[str, str]:
    """Return the texts that operators typed for one kind of e-mail, by the name of Oscar's field.

    Each field is looked up alone: in the row of the language, then of what it is a variant of
    ("fr" for "fr-ca"), then in a row for all languages, which a shop may have made by Oscar's rule.
    """
    parts = language.split("-")
    variants = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
    codes = [*(row_code(code, variant) for variant in variants if variant), code]
    rows = get_model("communication", "CommunicationEventType").objects.in_bulk(
        codes, field_name="code"
    )
    texts = {}
    for field in FIELDS:
        candidates = [getattr(rows[name], field) or "" for name in codes if name in rows]
        text = next((text for text in candidates if text.strip()), "")
        if text:
            texts[field] = _unescaped(text) if field in PLAIN_FIELDS else text
    return texts


def fingerprint(texts: dict[str, str]) -> str:
    """Return a short string that changes when one of ``texts`` does."""
    return sha256("\0".join(texts.values()).encode()).hexdigest()[:16]


def create_rows(kinds: Iterable[Any], *, apps: Any, using: str) -> None:
    """Make the rows that are missing, with empty texts; rows that are there stay as they are.

    Args:
        kinds: the values of ``mails.KINDS``.
        apps: app registry, Django's own or that of a migration's state.
        using: alias of the database.
    """
    try:
        EventType = apps.get_model("communication", "CommunicationEventType")
    except LookupError:  # Oscar's app is not migrated yet; the next `migrate` comes by again
        return
    tables = connections[using].introspection.table_names()
    if not router.allow_migrate_model(using, EventType) or EventType._meta.db_table not in tables:
        return
    rows = EventType._default_manager.using(using)
    with translation.override(settings.LANGUAGE_CODE):
        wanted = {
            row_code(kind.code, language): {
                "name": f"{kind.name} ({name})",
                # Oscar's own words, here because a migration's model has no class attributes.
                "category": "Order related" if kind.needs_order else "User related",
            }
            for kind in kinds
            for language, name in _languages()
        }
    there = set(rows.filter(code__in=wanted).values_list("code", flat=True))
    for code in wanted.keys() - there:
        rows.get_or_create(code=code, defaults=wanted[code])


def _languages() -> Iterator[tuple[str, str]]:
    """The shop's languages, each with its name in itself."""
    languages = dict(settings.LANGUAGES)
    if settings.LANGUAGES == global_settings.LANGUAGES:
        # Django's hundred: the shop never chose, and a dashboard of hundreds of rows helps nobody.
        # The general form of "en-us", because that serves its variants as well.
        general = settings.LANGUAGE_CODE.split("-")[0]
        code = general if general in languages else settings.LANGUAGE_CODE
        languages = {code: languages.get(code, code)}
    for code, name in languages.items():
        try:
            yield code, translation.get_language_info(code)["name_local"]
        except KeyError:  # a language that Django does not know
            yield code, str(name)


def _unescaped(text: str) -> str:
    """Return a plain text's template that leaves apostrophes alone: Oscar escapes them for HTML.

    A text that extends one of our files needs nothing: the file does the same, and Django wants
    ``{% extends %}`` to come first.
    """
    if text.lstrip().startswith("{% extends"):
        return text
    return f"{{% autoescape off %}}{text}{{% endautoescape %}}"

"""The rows that make mails editable in Oscar's dashboard: one for each kind and language.

Oscar's dashboard edits only existing rows, and a row has one text for every language. So each
language of the shop has its own rows. They are created empty: an empty field means the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import global_settings, settings
from django.db import connections, router
from django.utils import translation
from oscar.core.loading import get_model

if TYPE_CHECKING:
    from django.apps.registry import Apps

    from oscar_subscriptions.mail.kinds import MailKind

# Without the SMS: Oscar's dispatcher raises if there is one, after the mail has left.
FIELDS = ("email_subject_template", "email_body_template", "email_body_html_template")
PLAIN_FIELDS = FIELDS[:2]


def row_code(code: str, language: str) -> str:
    """Return the code of a kind's row for one language code: ``…_FR``, ``…_PT_BR``."""
    return f"{code}_{language.replace('-', '_').upper()}"


def typed(code: str, language: str) -> dict[str, str]:
    """Return the texts that operators typed for one kind of mail, by name of Oscar's field.

    Each field is looked up separately: in the row of the language, then in that of its base
    language ("fr" for "fr-ca"), then in a row without language, as Oscar itself would use it.
    """
    parts = language.split("-")
    variants = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
    codes = [*(row_code(code, variant) for variant in variants if variant), code]
    event_types = get_model("communication", "CommunicationEventType").objects
    rows: dict[str, object] = event_types.in_bulk(codes, field_name="code")
    texts: dict[str, str] = {}
    for field in FIELDS:
        candidates: list[str] = [getattr(rows[name], field) or "" for name in codes if name in rows]
        text = next((text for text in candidates if text.strip()), "")
        if text:
            texts[field] = _unescaped(text) if field in PLAIN_FIELDS else text
    return texts


def fingerprint(texts: dict[str, str]) -> str:
    """Return a short string that changes when one of ``texts`` does."""
    return sha256("\0".join(texts.values()).encode()).hexdigest()[:16]


def create_rows(kinds: Iterable[MailKind], *, apps: Apps, using: str) -> None:
    """Create the missing rows, with empty texts; existing rows stay unchanged.

    Args:
        kinds: the values of ``kinds.KINDS``.
        apps: app registry, Django's own or that of a migration's state.
        using: alias of the database.
    """
    try:
        EventType = apps.get_model("communication", "CommunicationEventType")
    except LookupError:  # Oscar's app is not migrated yet; the next `migrate` calls again
        return
    tables = connections[using].introspection.table_names()
    if not router.allow_migrate_model(using, EventType) or EventType._meta.db_table not in tables:
        return
    rows = EventType._default_manager.using(using)
    with translation.override(settings.LANGUAGE_CODE):
        wanted = {
            row_code(kind.code, language): {
                "name": f"{kind.name} ({name})",
                # Oscar's constants, repeated because a migration's model has no class attributes.
                "category": "Order related" if kind.needs_order else "User related",
            }
            for kind in kinds
            for language, name in _languages()
        }
    there = set(rows.filter(code__in=wanted).values_list("code", flat=True))
    for code in wanted.keys() - there:
        rows.get_or_create(code=code, defaults=wanted[code])


def _languages() -> Iterator[tuple[str, str]]:
    """Yield the code of each of the shop's languages and its name in the language itself."""
    languages = dict(settings.LANGUAGES)
    if settings.LANGUAGES == global_settings.LANGUAGES:
        # Django's default of a hundred: the shop has not chosen, and hundreds of rows would bury
        # the used ones. The base language of "en-us", because its row serves the variants as well.
        general = settings.LANGUAGE_CODE.split("-")[0]
        code = general if general in languages else settings.LANGUAGE_CODE
        languages = {code: languages.get(code, code)}
    for code, name in languages.items():
        try:
            yield code, translation.get_language_info(code)["name_local"]
        except KeyError:  # a language that Django does not know
            yield code, str(name)


def _unescaped(text: str) -> str:
    """Return a plain text's template without escaping: Oscar would escape apostrophes as in HTML.

    A text that extends one of this package's files stays as it is: the file does the same, and
    ``{% extends %}`` has to come first.
    """
    if text.lstrip().startswith("{% extends"):
        return text
    return f"{{% autoescape off %}}{text}{{% endautoescape %}}"

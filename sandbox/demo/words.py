"""Dates as the shop writes them, so that the demo reads what a member reads."""

from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format


def set_up() -> None:
    """Prepare Django's formats; the demo itself is no shop and has no other settings."""
    import django

    settings.configure(USE_I18N=True, TIME_ZONE="Europe/Paris")
    django.setup()


def in_words(day: date, language: str) -> str:
    """Return ``day`` as pages in ``language`` show it, such as “3 février 2017”."""
    with translation.override(language):
        return date_format(day, "DATE_FORMAT")

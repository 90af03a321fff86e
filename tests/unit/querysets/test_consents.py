"""What counts as agreed."""

from datetime import datetime

import pytest
from django.utils import timezone, translation
from oscar.core.loading import get_model

TermsOfSale = get_model("oscar_subscriptions", "TermsOfSale")


def publish(language, version, day):
    return TermsOfSale.objects.create(
        language=language,
        version=version,
        text="…",
        published_at=datetime(2017, 1, day, tzinfo=timezone.get_default_timezone()),
    )


@pytest.fixture
def texts(without_base_rows):
    return {
        "old": publish("fr", "1", 1),
        "fr": publish("fr", "2", 2),
        "en": publish("en", "2", 3),
        "en-gb": publish("en-gb", "2", 1),
    }


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", "fr"),
        ("fr-ca", "fr"),
        ("en", "en"),
        ("en-gb", "en-gb"),
        ("en-au", "en"),
        ("de", "en"),
    ],
)
def test_the_terms_of_sale_are_the_newest_in_the_language_or_its_base_or_any(
    texts, language, expected
):
    assert TermsOfSale.objects.current(language) == texts[expected]
    with translation.override(language):
        assert TermsOfSale.objects.current() == texts[expected]


def test_a_shop_without_terms_of_sale_has_none(without_base_rows):
    assert TermsOfSale.objects.current("fr") is None

"""Form fields that services and plans share."""

from decimal import Decimal as D
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from oscar.templatetags.currency_filters import currency

from oscar_subscriptions.sellers import form_fields
from tests.uploads import picture


def test_title_is_stripped():
    assert form_fields.TitleField().clean("  Or & <b>Gold</b> ") == "Or & <b>Gold</b>"


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("a\nb", "can’t be shown"),
        ("a\u202eb", "can’t be shown"),
        ("a\u2028b", "can’t be shown"),
        ("\u200b\u200b", "Please give a title"),
        ("x" * 256, "at most 255"),
    ],
)
def test_title_that_cannot_be_seen_is_refused(title, reason):
    with pytest.raises(ValidationError, match=reason):
        form_fields.TitleField().clean(title)


def test_french_people_type_a_comma():
    with translation.override("fr"):
        assert form_fields.PriceField().clean("350,50") == D("350.50")


SPACES = [" ", "\u00a0", "\u202f", "\u2009"]


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("amount", ["0.01", "350", "1500", "12345.60", "999999.99"])
def test_fault_106_a_price_is_read_as_the_shop_prints_it(language, amount, space):
    with translation.override(language):
        printed = currency(D(amount), "EUR")
        for each in SPACES:
            printed = printed.replace(each, space)
        assert form_fields.PriceField().clean(printed) == D(amount)


@pytest.mark.parametrize(
    ("language", "typed", "price"),
    [
        ("fr", "1 500,00", "1500"),
        ("fr", "1\u202f500,5 €", "1500.5"),
        ("fr", "350 €", "350"),
        ("fr", "350€", "350"),
        ("fr", "1 500.00", "1500"),
        ("fr", "1 500 EUR", "1500"),
        ("fr", "999 999,99", "999999.99"),
        ("en", "€1,500.00", "1500"),
        ("en", "EUR 1,500.00", "1500"),
        ("en", "1 500.00", "1500"),
    ],
)
def test_fault_106_so_are_parts_of_it(language, typed, price):
    with translation.override(language):
        assert form_fields.PriceField().clean(typed) == D(price)


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("fr", "1.500"),
        ("en", "1.500"),
        ("en", "1,500"),
        ("fr", "1.500,00"),
        ("fr", "1 50"),
        ("fr", "12 34,00"),
        ("fr", "1 5000"),
        ("fr", "15 00"),
        ("fr", "350 $"),
        ("fr", "€"),
        ("fr", "1 500,00,00"),
        ("fr", "−5 €"),
    ],
)
def test_fault_106_what_may_mean_another_price_is_refused(language, typed):
    with translation.override(language), pytest.raises(ValidationError):
        form_fields.PriceField().clean(typed)


def test_fault_106_a_currency_without_decimals_is_read_as_it_is_printed(settings):
    settings.OSCAR_DEFAULT_CURRENCY = "JPY"
    for language in ("en", "fr"):
        with translation.override(language):
            assert form_fields.PriceField().clean(currency(D(1500), "JPY")) == 1500


@pytest.mark.parametrize("price", ["1000000", "0.001", "NaN"])
def test_price_that_no_column_or_card_takes_is_refused(price):
    with pytest.raises(ValidationError):
        form_fields.PriceField().clean(price)


def test_category_is_indented_below_the_top_of_the_choice():
    field = form_fields.CategoryChoiceField(queryset=None)
    field.top_depth = 2
    labels = [
        field.label_from_instance(SimpleNamespace(depth=depth, name="Law")) for depth in (1, 2, 3)
    ]
    assert labels == ["Law", "Law", "\u2003Law"]


def test_picture_is_written_anew_and_may_be_left_out():
    field = form_fields.PictureField()
    assert field.clean(None) is None
    assert field.clean(picture()).name.endswith(".jpg")


def test_what_a_shop_says_of_a_field_comes_before_our_own():
    assert form_fields.PictureField(label="Logo", required=True).label == "Logo"
    assert form_fields.PriceField(max_value=D(5)).max_value == 5
    assert form_fields.TitleField(max_length=3).max_length == 3

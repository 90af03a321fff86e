"""Form fields that services and plans share: title, price, category, picture."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from babel.numbers import get_currency_precision, get_currency_symbol
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import get_language, gettext, to_locale
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.sellers import html, pictures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.files.base import ContentFile
    from django.core.files.uploadedfile import UploadedFile

    from oscar_subscriptions.protocols.oscar import Category

# In major units; far below the columns' limit, so that a line with a quantity and tax still fits.
MAX_PRICE = Decimal("999999.99")
PICTURES = "image/jpeg,image/png,image/webp,image/gif"
INDENT = "\u2003"  # browsers drop ordinary spaces at the start of an option
# Control characters and line separators; then those that change the direction of the text.
REFUSED = {"Cc", "Cs", "Zl", "Zp"}
BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class TitleField(forms.CharField):
    """A title. Refuses characters that are invisible or disturb the page around it."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {"label": _("Title"), "max_length": 255}
        super().__init__(**defaults | kwargs)

    def clean(self, value: object) -> str:
        title: str = super().clean(value)
        categories = [unicodedata.category(character) for character in title]
        if REFUSED.intersection(categories) or BIDI.intersection(title):
            raise ValidationError(gettext("The title holds characters that can’t be shown."))
        if not any(category[0] in "LNPS" for category in categories):
            raise ValidationError(gettext("Please give a title."))
        return title


class HtmlField(forms.CharField):
    """Text or simple HTML, sanitised. Refuses what is empty then, if it is required."""

    def __init__(
        self,
        *,
        tags: set[str] = html.TAGS,
        attributes: Mapping[str, set[str]] = html.ATTRIBUTES,
        **kwargs: Any,
    ) -> None:
        """
        Args:
            tags, attributes: as of :func:`html.sanitised`.
        """
        defaults: dict[str, Any] = {
            "label": _("Description"),
            "max_length": html.MAX_LENGTH,
            "widget": forms.Textarea(attrs={"rows": 10}),
        }
        super().__init__(**defaults | kwargs)
        self.tags, self.attributes = tags, attributes

    def clean(self, value: object) -> str:
        text = html.sanitised(super().clean(value), self.tags, self.attributes)
        if self.required and not text:
            raise ValidationError(self.error_messages["required"], code="required")
        return text


class PriceField(forms.DecimalField):
    """A price without tax, in major units; also typed as the shop prints it: "1 500,00 €"."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "label": _("Price excl. tax"),
            "max_value": MAX_PRICE,
            "decimal_places": 2,
            # A text input accepts the decimal comma of French.
            "localize": True,
            "widget": forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        }
        super().__init__(**defaults | kwargs)

    def to_python(self, value: object) -> Any:
        return super().to_python(without_groups(value) if isinstance(value, str) else value)


def without_groups(text: str) -> str:
    """Return a printed price without the shop's currency and the separators of thousands.

    Anything else stays as it is. "1,500" and "1.500" do, too: they mean 1500 to some and 1.5 to
    others.
    """
    currency, language = settings.OSCAR_DEFAULT_CURRENCY, get_language() or settings.LANGUAGE_CODE
    symbol = get_currency_symbol(currency, to_locale(language))
    text = "".join(" " if unicodedata.category(each) == "Zs" else each for each in text).strip()
    for sign in (symbol, currency):
        text = text.removeprefix(sign).removesuffix(sign).strip()
    group, point = get_format("THOUSAND_SEPARATOR"), get_format("DECIMAL_SEPARATOR")
    decimals = get_currency_precision(currency)
    fraction = f"[{re.escape(point)}.][0-9]{{1,{max(decimals, 1)}}}"
    # Of a comma or full stop the fraction tells that it separates thousands.
    ending = fraction if decimals else ""
    for separator, end in ((" ", f"(?:{fraction})?"), (group, ending)):
        if re.fullmatch(f"[0-9]{{1,3}}(?:{re.escape(separator)}[0-9]{{3}})+{end}", text):
            return text.replace(separator, "")
    return text


class CategoryChoiceField(forms.ModelChoiceField):
    """A choice of categories, indented as in the tree."""

    top_depth = 1

    def label_from_instance(self, obj: Category) -> str:
        return INDENT * max(obj.depth - self.top_depth, 0) + str(obj.name)


class PictureField(forms.FileField):
    """An optional picture, rewritten by :func:`pictures.rewritten`; ``None`` without one."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "label": _("Picture"),
            "required": False,
            "widget": forms.FileInput(attrs={"accept": PICTURES}),
            "help_text": _("Optional. JPEG, PNG, WebP or GIF, up to 5 MB."),
        }
        super().__init__(**defaults | kwargs)

    def clean(self, data: object, initial: object = None) -> ContentFile[bytes] | None:
        upload: UploadedFile | None = super().clean(data, initial)
        return pictures.rewritten(upload) if upload else None

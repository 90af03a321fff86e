"""The form of a service."""

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.sellers import html, pictures

# Far below what the columns hold, so that a line of many, with tax, still fits.
MAX_PRICE = Decimal("999999.99")
INDENT = "\u2003"  # browsers drop ordinary spaces at the start of an option
# Control characters, line separators, and those that turn the direction of the text that follows.
REFUSED = {"Cc", "Cs", "Zl", "Zp"}
BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class CategoryChoiceField(forms.ModelChoiceField):
    """A choice of categories, indented as in the tree."""

    top_depth = 1

    def label_from_instance(self, obj: Any) -> str:
        return INDENT * max(obj.depth - self.top_depth, 0) + str(obj.name)


class ServiceForm(forms.Form):
    """A seller's service. ``cleaned_data`` holds safe HTML and a picture of our own making."""

    title = forms.CharField(label=_("Title"), max_length=255)
    description = forms.CharField(
        label=_("Description"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "Plain text, or simple HTML: paragraphs, lists, bold, italics, links. Anything else "
            "is removed."
        ),
    )
    price = forms.DecimalField(
        label=_("Price excl. tax"),
        min_value=Decimal("0.01"),
        max_value=MAX_PRICE,
        decimal_places=2,
        # A text field: French members type a comma.
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    category = CategoryChoiceField(label=_("Category"), queryset=None)
    image = forms.FileField(
        label=_("Picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
        help_text=_("Optional. JPEG, PNG, WebP or GIF, up to 5 MB."),
    )
    remove_image = forms.BooleanField(label=_("Remove the picture"), required=False)

    def __init__(self, *args: Any, has_image: bool = False, **kwargs: Any) -> None:
        """
        Args:
            has_image: whether there is a picture that may be removed or replaced.
        """
        super().__init__(*args, **kwargs)
        self.fields["price"].help_text = gettext(
            "In %(currency)s. Shoppers see the price with tax where the shop adds tax."
        ) % {"currency": settings.OSCAR_DEFAULT_CURRENCY}
        categories = allowed_categories()
        first = categories.first()
        if first is not None:
            field: Any = self.fields["category"]
            field.top_depth, field.queryset = first.depth, categories
        else:
            del self.fields["category"]
        if has_image:
            self.fields["image"].label = gettext("Replace the picture")
        else:
            del self.fields["remove_image"]

    def clean_title(self) -> str:
        """Refuse a title that can't be seen, or that plays with the page around it."""
        title = self.cleaned_data["title"].strip()
        categories = [unicodedata.category(character) for character in title]
        if REFUSED.intersection(categories) or BIDI.intersection(title):
            raise ValidationError(gettext("The title holds characters that can’t be shown."))
        if not any(category[0] in "LNPS" for category in categories):
            raise ValidationError(gettext("Please give a title."))
        return title

    def clean_description(self) -> str:
        """Make the HTML safe."""
        description = html.sanitised(self.cleaned_data["description"])
        if not description:
            raise ValidationError(gettext("Please describe your service."))
        return description

    def clean_image(self) -> Any | None:
        """Rewrite the picture, if one was sent."""
        upload = self.cleaned_data["image"]
        return pictures.rewritten(upload) if upload else None


def allowed_categories() -> Any:
    """Return the categories that sellers may choose, in the order of the tree."""
    categories = get_model("catalogue", "Category").objects.browsable().order_by("path")
    slug = conf.settings.SERVICE_CATEGORY
    if slug is None:
        return categories
    top = categories.filter(slug=slug).first()
    if top is None:
        return categories.none()
    below = categories.filter(path__startswith=top.path, depth__gt=top.depth)
    return below if below.exists() else categories.filter(pk=top.pk)

"""The form of a service."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from babel.numbers import get_currency_precision
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.sellers import form_fields


class ServiceForm(forms.Form):
    """A seller's service.

    ``cleaned_data``: ``title``; ``description``, safe HTML; ``price``, without tax, in major units;
    ``image``, a file written anew, or ``None``; and where the form has the field, ``category`` and
    ``remove_image``.
    """

    title = form_fields.TitleField()
    description = form_fields.HtmlField(
        help_text=_(
            "Plain text, or simple HTML: paragraphs, lists, bold, italics, links. Anything else "
            "is removed."
        ),
        error_messages={"required": _("Please describe your service.")},
    )
    price = form_fields.PriceField(min_value=Decimal("0.01"))
    category = form_fields.CategoryChoiceField(label=_("Category"), queryset=None)
    image = form_fields.PictureField()
    remove_image = forms.BooleanField(label=_("Remove the picture"), required=False)

    def __init__(self, *args: Any, has_image: bool = False, **kwargs: Any) -> None:
        """
        Args:
            has_image: whether the service has a picture, to be removed or replaced.
        """
        super().__init__(*args, **kwargs)
        self.fields["price"].help_text = gettext(
            "In %(currency)s. Shoppers see the price with tax where the shop adds tax."
        ) % {"currency": settings.OSCAR_DEFAULT_CURRENCY}
        categories = allowed_categories()
        first = categories.first()
        if first is not None:
            field = cast(form_fields.CategoryChoiceField, self.fields["category"])
            field.top_depth, field.queryset = first.depth, categories
        else:
            del self.fields["category"]
        if has_image:
            self.fields["image"].label = gettext("Replace the picture")
        else:
            del self.fields["remove_image"]

    def clean_price(self) -> Decimal:
        """Return the price.

        Raises:
            ValidationError: it has decimals that its currency lacks.
        """
        price: Decimal = self.cleaned_data["price"]
        currency = settings.OSCAR_DEFAULT_CURRENCY
        if price % 1 and not get_currency_precision(currency):
            raise ValidationError(
                gettext("Prices in %(currency)s have no decimals."),
                params={"currency": currency},
            )
        return price


def allowed_categories() -> QuerySet[Any]:
    """Return the categories that sellers may choose, in the order of the tree."""
    browsable: QuerySet[Any] = get_model("catalogue", "Category").objects.browsable()
    categories = browsable.order_by("path")
    slug = conf.settings.SERVICE_CATEGORY
    if slug is None:
        return categories
    top = categories.filter(slug=slug).first()
    if top is None:
        return categories.none()
    below = categories.filter(path__startswith=top.path, depth__gt=top.depth)
    return below if below.exists() else categories.filter(pk=top.pk)

"""The form of a plan: product, price, vendor and conditions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.core.validators import BaseValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.dashboard.plans import new_vendor, pricing, validation
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import vendors
from oscar_subscriptions.sellers import form_fields, html

if TYPE_CHECKING:
    from django.db.models import Model
    from django.forms.boundfield import BoundField

    from oscar_subscriptions.dashboard.plans.saving import PlanData

Plan = registered.Plan
MONTHS, LISTING_LIMIT = Plan._meta.get_field("months"), Plan._meta.get_field("listing_limit")
CONDITIONS = ("months", "listing_limit", "grace_days", "is_on_sale", "is_renewable")

# Operators, unlike sellers, may also lay the description out.
TAGS = html.TAGS | {"div", "h2"}
ATTRIBUTES = html.ATTRIBUTES | {"div": {"class"}}


@dataclass(frozen=True)
class Group:
    """Fields under one heading of the page.

    Attributes:
        heading: in the active language.
        fields: the bound fields, in order.
        is_optional: whether the page folds them away until the operator opens them.
        is_open: whether one of them has a value or an error, so that the page shows them.
    """

    heading: str
    fields: list[BoundField]
    is_optional: bool
    is_open: bool


class PlanForm(forms.ModelForm):
    """A plan, its product and its price; :func:`saving.save` writes all of them."""

    # Each heading of the page with the names of its fields.
    layout = (
        (_("What members see"), ("title", "description", "category", "image", "remove_image")),
        (_("Price and vendor"), ("price", "vendor")),
        (_("New vendor"), ("new_vendor", *new_vendor.ADDRESS_FIELDS)),
        (_("Conditions"), CONDITIONS),
    )
    field_order = [name for heading, names in layout for name in names]

    title = form_fields.TitleField()
    description = form_fields.HtmlField(
        tags=TAGS,
        attributes=ATTRIBUTES,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Plain text, or simple HTML. Scripts and styles are removed."),
    )
    category = form_fields.CategoryChoiceField(
        label=_("Category"),
        queryset=None,
        required=False,
        empty_label=_("none"),
        help_text=_("Optional. Plans are on the page of the plans in any case."),
    )
    image = form_fields.PictureField()
    remove_image = forms.BooleanField(label=_("Remove the picture"), required=False)
    price = form_fields.PriceField()
    vendor: forms.ModelChoiceField[Model] = forms.ModelChoiceField(
        label=_("Vendor"),
        queryset=None,
        required=False,
        empty_label=_("A new vendor, named below"),
        error_messages={
            "invalid_choice": _(
                "A plan is sold by a vendor of the shop itself. A seller, or whoever else signs "
                "in for a partner, could change its price."
            )
        },
    )
    new_vendor = forms.CharField(
        label=_("Name of the new vendor"),
        required=False,
        max_length=128,
        help_text=_("The company that sells. Members see it beside the price."),
    )
    line1 = forms.CharField(label=_("Address"), required=False, max_length=255)
    postcode = forms.CharField(label=_("Postcode"), required=False, max_length=64)
    line4 = forms.CharField(label=_("City"), required=False, max_length=255)
    country: forms.ModelChoiceField[Model] = forms.ModelChoiceField(
        label=_("Country"), queryset=None, required=False
    )
    # The form checks the model's bounds, too: so browsers know them, and months that are refused
    # are not compared with the days of grace.
    months = MONTHS.formfield(
        **{
            bound.code: bound.limit_value
            for bound in MONTHS.validators
            if isinstance(bound, BaseValidator)
        }
    )
    listing_limit = LISTING_LIMIT.formfield(min_value=1, max_value=100_000)

    class Meta:
        model = Plan
        fields = CONDITIONS
        help_texts = {
            "is_renewable": _(
                "Those who have, or had, a term of this plan. Nobody else sees or buys it."
            )
        }

    def __init__(self, *args: Any, has_image: bool = False, **kwargs: Any) -> None:
        """
        Args:
            has_image: whether there is a picture that may be removed or replaced.
        """
        super().__init__(*args, **kwargs)
        fields = self.fields
        lowest = Decimal(0) if conf.settings.ALLOW_FREE else pricing.CENT
        too_low = _("A plan can’t be given away: please give a price.")
        fields["price"].validators.append(MinValueValidator(lowest, too_low))
        fields["price"].help_text = gettext(
            "In %(currency)s, without tax. What members pay is shown once it is saved."
        ) % {"currency": settings.OSCAR_DEFAULT_CURRENCY}
        vendor, country, category = map(self._choice, ("vendor", "country", "category"))
        vendor.queryset = own = vendors.own()
        vendor.initial = own.first() if len(own) == 1 else None
        country.queryset = countries = get_model("address", "Country").objects.all()
        categories = get_model("catalogue", "Category").objects.browsable().order_by("path")
        category.queryset = categories
        if has_image:
            fields["image"].label = gettext("Replace the picture")
        # Leave out choices that can only be empty.
        missing = {
            "remove_image": not has_image,
            "vendor": not own,
            "category": not categories.exists(),
        } | dict.fromkeys(new_vendor.ADDRESS_FIELDS, not countries.exists())
        for name in [name for name, is_missing in missing.items() if is_missing]:
            del fields[name]

    def _choice(self, name: str) -> forms.ModelChoiceField[Model]:
        return cast("forms.ModelChoiceField[Model]", self.fields[name])

    def groups(self) -> list[Group]:
        """Return the fields under their headings, in the order of the page."""
        groups = []
        for heading, names in self.layout:
            fields = [self[name] for name in names if name in self.fields]
            is_optional = "new_vendor" in names and "vendor" in self.fields
            is_open = any(field.errors or (self.is_bound and field.data) for field in fields)
            groups.append(Group(str(heading), fields, is_optional, is_open))
        return groups

    def clean(self) -> dict[str, object]:
        """Refuse contradictions, and what the shop could not sell or would not control."""
        super().clean()
        data = self.cleaned_data
        plan_data = cast("PlanData", data)
        # A refused field has its error already; the model must not report what follows from it.
        for name in self.errors.keys() & set(self.Meta.fields):
            setattr(self.instance, name, None)
        problems = [
            *validation.product_problems(self.instance),
            *validation.title_problems(self.instance, plan_data),
        ]
        if "vendor" not in self.errors:
            # The form leaves the field out if there is none to choose.
            data.setdefault("vendor", None)
            problems += validation.vendor_problems(plan_data)
        for field, message in problems:
            self.add_error(field, message)
        return data

    def add_error(self, field: str | None, error: object) -> None:
        """Add ``error``, as Django takes it; to the form as a whole if the form lacks the field."""
        by_field = getattr(error, "error_dict", {field: error})
        for name, reason in by_field.items():
            super().add_error(name if name in self.fields else None, reason)

"""The form of a plan, apart from its page."""

from decimal import Decimal as D

import pytest
from django.utils import translation
from oscar.core.loading import get_model

from oscar_subscriptions.dashboard.plans.forms import PlanForm

Country = get_model("address", "Country")
Partner = get_model("partner", "Partner")
Plan = get_model("oscar_subscriptions", "Plan")


@pytest.fixture
def data(shop):
    return {
        "title": "Gold",
        "price": "400.00",
        "vendor": shop.vendor.pk,
        "months": "12",
        "grace_days": "0",
        "is_on_sale": "on",
    }


def form(data=None, plan=None, **kwargs):
    return PlanForm(data, instance=plan, **kwargs)


def names(group):
    return [field.name for field in group.fields]


def test_what_is_enough_for_a_plan(data):
    filled = form(data)
    assert filled.is_valid(), filled.errors
    given = filled.cleaned_data
    assert (given["price"], given["months"], given["grace_days"]) == (D("400.00"), 12, 0)
    assert (given["description"], given["category"], given["listing_limit"]) == ("", None, None)
    assert (given["is_on_sale"], given["is_renewable"]) == (True, False)


def test_choices_that_can_only_be_empty_are_not_asked_for(without_base_rows):
    left_out = {"remove_image", "vendor", "category", "line1", "postcode", "line4", "country"}
    assert left_out.isdisjoint(form().fields)
    assert form({"title": "Gold"}).errors["new_vendor"] == [
        "Who sells this plan? Please name the vendor."
    ]


def test_only_vendor_of_the_shop_is_chosen_already(shop):
    assert form().fields["vendor"].initial == shop.vendor
    shop.make_seller()
    assert form().fields["vendor"].initial == shop.vendor
    Partner.objects.create(name="Edition")
    assert form().fields["vendor"].initial is None


def test_picture_that_there_is_can_be_replaced_or_removed(shop):
    there = form(has_image=True)
    assert there.fields["image"].label == "Replace the picture"
    assert "remove_image" in there.fields and "remove_image" not in form().fields


def test_french_operators_type_a_comma(data):
    with translation.override("fr"):
        filled = form(data | {"price": "350,50"})
        assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["price"] == D("350.50")


def test_free_plan_needs_the_shops_opt_in(data, settings):
    assert "price" in form(data | {"price": "0"}).errors
    settings.OSCAR_SUBSCRIPTIONS_ALLOW_FREE = True
    assert form(data | {"price": "0"}).is_valid()
    assert "price" in form(data | {"price": "-0.01"}).errors


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("One\n\nTwo", "<p>One</p>\n\n<p>Two</p>"),
        ('<div class="a" lang="fr" id="b">x</div>', '<div class="a" lang="fr">x</div>'),
        ("<h2>a</h2><script>alert(1)</script>", "<h2>a</h2>"),
        ("a < b", "<p>a &lt; b</p>"),
    ],
)
def test_operators_may_mark_a_part_of_the_description_but_no_script(data, typed, kept):
    filled = form(data | {"description": typed})
    assert filled.is_valid() and filled.cleaned_data["description"] == kept


def test_new_vendor_is_folded_away_where_there_is_one_to_choose(shop, data):
    seen, price, vendor, conditions = form().groups()
    assert names(price) == ["price", "vendor"]
    assert names(vendor) == ["new_vendor", "line1", "postcode", "line4", "country"]
    assert (seen.is_optional, vendor.is_optional, vendor.is_open) == (False, True, False)
    assert names(conditions)[0] == "months"
    filled = form(data | {"new_vendor": "Edition"})
    assert filled.groups()[2].is_open
    Partner.objects.all().delete()
    assert not form().groups()[2].is_optional


def test_what_follows_from_a_refused_field_is_not_said(data, shop):
    stranger = shop.make_seller().partner
    refused = form(data | {"vendor": stranger.pk, "title": ""})
    assert set(refused.errors) == {"vendor", "title"}


def test_what_is_wrong_with_the_product_is_said_of_the_whole(data, shop):
    shop.attach_first(shop.make_seller())
    refused = form(data | {"title": "Silver"}, shop.plan)
    assert "Remove that stock record" in refused.non_field_errors()[0]


def test_grace_is_shorter_than_the_term(data):
    assert form(data | {"months": "1", "grace_days": "27"}).is_valid()
    assert list(form(data | {"months": "1", "grace_days": "28"}).errors) == ["grace_days"]


@pytest.mark.parametrize("months", ["0", "121", "x", ""])
def test_grace_is_not_compared_with_months_that_were_refused(data, shop, months):
    for plan in (None, shop.plan):
        refused = form(data | {"months": months, "grace_days": "400"}, plan)
        assert list(refused.errors) == ["months"]


def test_model_says_what_the_conditions_are_called_and_start_with(shop):
    conditions = {name: form()[name] for name in PlanForm.Meta.fields}
    assert conditions["months"].label == "Months"
    assert "calendar months, date to date" in conditions["months"].help_text
    limits = [
        (form().fields[name].min_value, form().fields[name].max_value)
        for name in ("months", "listing_limit", "grace_days")
    ]
    assert limits == [(1, 120), (1, 100_000), (0, None)]
    initial = {name: field.initial for name, field in conditions.items()}
    assert initial == {
        "months": 12, "listing_limit": None, "grace_days": 0, "is_on_sale": True,
        "is_renewable": False,
    }  # fmt: skip


def test_fields_are_read_in_the_order_of_the_page(shop):
    on_the_page = [name for group in form(has_image=True).groups() for name in names(group)]
    assert list(form(has_image=True).fields) == on_the_page


def test_reason_about_what_the_form_does_not_ask_for_is_said_of_the_whole(data, shop):
    shop.product_class.requires_shipping = True
    shop.product_class.save()
    refused = form(data | {"title": "Silver"}, Plan.objects.get())
    assert list(refused.errors) == ["__all__"]
    assert "can't need shipping" in refused.non_field_errors()[0]


def test_address_is_not_read_where_it_was_not_asked_for(data):
    Country.objects.all().delete()
    filled = form(data | {"vendor": "", "new_vendor": "Edition", "line1": "1 rue de la Paix"})
    assert filled.is_valid(), filled.errors
    assert "line1" not in filled.cleaned_data

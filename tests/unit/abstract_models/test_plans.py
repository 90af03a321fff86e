"""A plan is a row that staff manage; what was sold with it can't be deleted."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import models, transaction


@pytest.fixture
def term(shop):
    return shop.grant(shop.make_user())


def test_fault_57_what_was_sold_can_t_be_deleted(shop, term):
    order = shop.make_order(term.subscription.user)
    consent = shop.keep_consent(order)
    seller = shop.make_seller()
    kept = [shop.plan.product, shop.plan, term.subscription, order, consent.terms_of_sale]
    for row in [*kept, seller.partner]:
        with pytest.raises(models.ProtectedError), transaction.atomic():
            row.delete()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"grace_days": 28, "months": 1}, "grace_days"), ({"grace_days": 336}, "grace_days")],
)
def test_grace_is_shorter_than_the_term(shop, changes, field):
    for name, value in changes.items():
        setattr(shop.plan, name, value)
    with pytest.raises(ValidationError) as error:
        shop.plan.full_clean()
    assert list(error.value.message_dict) == [field]
    shop.plan.grace_days -= 1
    shop.plan.full_clean()


def test_a_plans_product_needs_no_shipping_and_has_no_variants(shop):
    shop.plan.full_clean()
    shop.product_class.requires_shipping = True
    shop.product_class.save()
    plan = type(shop.plan).objects.get()
    with pytest.raises(ValidationError, match="can't need shipping"):
        plan.full_clean()
    plan.product.structure = "parent"
    with pytest.raises(ValidationError, match="can't have variants"):
        plan.full_clean()


@pytest.mark.parametrize("months", [0, 121])
def test_a_plan_lasts_from_one_month_to_ten_years(shop, months):
    shop.plan.months = months
    with pytest.raises(ValidationError, match="value"):
        shop.plan.full_clean()


def test_an_empty_form_is_told_of_its_fields_and_not_of_the_grace(shop):
    """The form leaves out what could not be read; the comparison has nothing to compare then."""
    shop.plan.grace_days = None
    with pytest.raises(ValidationError) as error:
        shop.plan.full_clean()
    assert error.value.message_dict == {"grace_days": ["This field cannot be null."]}


def test_a_plan_is_called_like_its_product(shop):
    shop.plan.product.title = "Silver for one year"
    assert (shop.plan.title, str(shop.plan)) == ("Silver for one year",) * 2


def test_a_first_purchase_gives_the_months_and_the_grace_of_the_plan(shop):
    shop.plan.months, shop.plan.grace_days = 1, 10
    span = shop.plan.preview_term(date(2017, 1, 31))
    assert (span.starts_on, span.ends_on) == (date(2017, 1, 31), date(2017, 2, 28))
    assert span.covered_until == date(2017, 3, 10)

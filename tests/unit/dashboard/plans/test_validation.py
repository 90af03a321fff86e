"""What would make a plan unsafe or contradictory."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.dashboard.plans import validation

Partner = get_model("partner", "Partner")
Plan = get_model("oscar_subscriptions", "Plan")


def said(problems):
    """Return the field and the words of the only problem."""
    [(field, reason)] = problems
    return field, reason if isinstance(reason, str) else " ".join(reason)


def test_vendor_of_the_shop_or_a_new_name_is_enough(shop):
    for data in ({"vendor": shop.vendor}, {"vendor": None, "new_vendor": "Intras Edition"}):
        assert list(validation.vendor_problems(data)) == []


@pytest.mark.parametrize("name", [None, ""])
def test_somebody_has_to_sell_it(db, name):
    problem = said(validation.vendor_problems({"vendor": None, "new_vendor": name}))
    assert problem[0] == "new_vendor" and "name the vendor" in problem[1]


def test_two_vendors_are_one_too_many(shop):
    data = {"vendor": shop.vendor, "new_vendor": "Intras Edition"}
    assert "not both" in said(validation.vendor_problems(data))[1]


def test_new_vendor_is_not_a_partner_that_there_is(shop):
    data = {"vendor": None, "new_vendor": shop.vendor.name.upper()}
    assert "of this name already" in said(validation.vendor_problems(data))[1]


def test_address_of_a_new_vendor_is_checked_field_by_field(shop):
    data = {"vendor": None, "new_vendor": "Intras Edition", "line1": "1 rue de la Paix"}
    assert [field for field, _ in validation.vendor_problems(data)] == ["country"]
    wrong = data | {"postcode": "7", "country": shop.country}
    assert [field for field, _ in validation.vendor_problems(wrong)] == ["postcode"]


def test_product_that_a_seller_offers_too_names_the_seller(shop):
    assert list(validation.product_problems(shop.plan)) == []
    seller = shop.make_seller()
    seller.partner.name = "Sophie Laurent"
    seller.partner.save()
    shop.attach_first(seller)
    field, reason = said(validation.product_problems(shop.plan))
    assert field is None and "Sophie Laurent, who could change the price" in reason


def test_product_with_two_stock_records_has_no_certain_price(shop):
    shop.plan.product.stockrecords.create(
        partner=Partner.objects.create(name="Second"), partner_sku="2", price=1
    )
    assert "several stock records" in said(validation.product_problems(shop.plan))[1]


def test_new_plan_has_no_product_that_could_be_wrong(db):
    assert list(validation.product_problems(Plan())) == []


def test_only_another_plan_on_sale_takes_a_title(shop):
    data = {"title": "SILVER", "is_on_sale": True}
    assert said(validation.title_problems(Plan(), data)) == ("title", validation.title_taken())
    assert list(validation.title_problems(shop.plan, data)) == []
    assert list(validation.title_problems(Plan(), data | {"is_on_sale": False})) == []
    assert list(validation.title_problems(Plan(), {"is_on_sale": True})) == []
    Plan.objects.update(is_on_sale=False)
    assert list(validation.title_problems(Plan(), data)) == []

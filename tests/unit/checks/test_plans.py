"""The checks of the plans, by a shop in which somebody has made that mistake."""

from decimal import Decimal as D

import pytest

from oscar_subscriptions.plans import vendors
from tests.checking import found_in_data


@pytest.mark.usefixtures("no_mistake")
def test_w010_a_foreign_stock_record_on_a_plan_is_ignored_and_reported(shop, monkeypatch):
    seller = shop.make_seller(name="stranger")
    shop.make_service(seller)
    assert found_in_data() == {}
    shop.plan.product.stockrecords.create(
        partner=seller.partner, partner_sku="mine", price_currency="EUR", price=D("0.01")
    )
    [text] = found_in_data().values()
    assert "'Silver'" in text and repr(seller.partner.display_name) in text
    assert text.endswith("Its price is ignored.")
    monkeypatch.setattr(vendors, "are_foreign_ignored", lambda: False)
    assert found_in_data()["W010"].endswith("The plan is not sold meanwhile.")


@pytest.mark.usefixtures("no_mistake")
def test_w011_a_plan_sold_by_a_partner_with_sellers(shop):
    shop.vendor.users.add(shop.make_user())
    assert sorted(found_in_data()) == ["W010", "W011"]
    shop.plan.is_on_sale = False
    shop.plan.save()
    assert sorted(found_in_data()) == ["W010"]


@pytest.mark.usefixtures("no_mistake")
def test_w011_a_plan_that_nobody_sells(shop):
    shop.plan.product.stockrecords.all().delete()
    assert sorted(found_in_data()) == ["W011"]


@pytest.mark.usefixtures("no_mistake")
def test_fault_100_price_typed_in_the_catalogue_that_can_t_be_charged_is_w017(shop, settings):
    records = shop.plan.product.stockrecords
    records.update(price_currency="JPY", price=D("100.50"))
    assert "'Silver'" in found_in_data()["W017"] and "120.60 JPY" in found_in_data()["W017"]
    records.update(price=100)
    assert found_in_data() == {}
    records.update(price=D("100.50"))
    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = "nowhere.Gateway"
    assert "W017" not in found_in_data()

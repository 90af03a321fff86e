"""What members will pay for a plan, asked of the shop's own strategy."""

from decimal import Decimal as D

import pytest
from oscar.core.loading import get_model
from oscar.core.prices import Price

from oscar_subscriptions.dashboard.plans import pricing

Product = get_model("catalogue", "Product")


def reprice(shop, price):
    shop.plan.product.stockrecords.update(price=D(price))


def checked(shop):
    return pricing.checked(shop.plan.product, shop.strategy())


def test_price_is_the_one_that_was_written_last(shop):
    product = Product.objects.prefetch_related("stockrecords").get(pk=shop.plan.product_id)
    reprice(shop, "300.00")
    assert pricing.checked(product, shop.strategy()).incl_tax == D("360.00")


def test_plan_without_a_price_is_refused(shop):
    shop.plan.product.stockrecords.all().delete()
    with pytest.raises(pricing.PriceRefusedError, match="gives no price") as refused:
        checked(shop)
    assert refused.value.field == "price"


def test_price_of_nothing_needs_the_shops_opt_in(shop, settings):
    reprice(shop, "0.00")
    with pytest.raises(pricing.PriceRefusedError, match=r"members would pay €0\.00") as refused:
        checked(shop)
    assert refused.value.field == "price"
    settings.OSCAR_SUBSCRIPTIONS_ALLOW_FREE = True
    assert checked(shop).incl_tax == 0


def test_price_with_a_part_of_a_cent_is_refused_with_all_of_its_decimals(shop, monkeypatch):
    monkeypatch.setattr(type(shop.strategy()), "exponent", D("0.0001"))
    reprice(shop, "99.99")
    with pytest.raises(
        pricing.PriceRefusedError, match=r"pay 119\.988: not a whole number of cents"
    ):
        checked(shop)


def test_operator_reads_what_members_pay(shop):
    said = pricing.saved_message(shop.plan, checked(shop))
    assert said == "“Silver” is saved. Members pay €240.00 incl. tax."


def test_where_the_tax_depends_on_the_member_the_price_is_told_without(shop):
    said = pricing.saved_message(shop.plan, Price(currency="EUR", excl_tax=D("200.00")))
    assert said == "“Silver” is saved. Its price is €200.00 excl. tax."

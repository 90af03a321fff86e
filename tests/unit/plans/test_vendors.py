"""Who sells a plan: the shop itself, whatever somebody else attached to its product."""

from decimal import Decimal as D

import pytest
from haystack import connections
from oscar.apps.partner.strategy import Selector
from oscar.core.loading import get_class, get_model

from oscar_subscriptions.plans import eligibility, offers, vendors
from oscar_subscriptions.strategy import NotOnSale

Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
StockRecord = get_model("partner", "StockRecord")


def strategy():
    """As at the start of a request."""
    return get_class("partner.strategy", "Selector")().strategy()


@pytest.fixture
def foreign(shop):
    """The stock record of a seller on the plan's product, for one cent; Oscar would take it."""
    return shop.attach_first(shop.make_seller())


@pytest.fixture
def oscars_strategy(monkeypatch):
    monkeypatch.setattr("oscar_subscriptions.plans.vendors.get_class", lambda *args: Selector)


def test_hole_o6_the_plan_is_sold_from_the_shops_own_record(shop, foreign):
    info = strategy().fetch_for_product(shop.plan.product)
    assert (info.price.incl_tax, info.stockrecord.partner) == (D("240.00"), shop.vendor)
    assert info.availability.is_available_to_buy
    assert vendors.sold_by_the_shop(shop.plan)
    assert eligibility.problem_with_plan(shop.plan, None) == ""


def test_hole_o6_without_the_guard_oscar_takes_the_strangers_price(shop, foreign, monkeypatch):
    monkeypatch.setattr(offers.offer_rows, "read", lambda records, products: [])
    assert strategy().fetch_for_product(shop.plan.product).price.excl_tax == D("0.01")


def test_hole_o6_the_foreign_record_itself_can_t_be_bought(shop, foreign):
    info = strategy().fetch_for_product(shop.plan.product, foreign)
    assert isinstance(info.availability, NotOnSale) and not info.price.exists


def test_hole_o6_under_another_strategy_the_plan_is_not_sold_at_all(shop, foreign, oscars_strategy):
    assert not vendors.sold_by_the_shop(shop.plan)
    assert "can't be bought" in eligibility.problem_with_plan(shop.plan, None)
    foreign.delete()
    assert vendors.sold_by_the_shop(shop.plan)


def test_a_plan_without_a_record_of_the_shops_own_is_not_sold(shop, foreign):
    shop.vendor.stockrecords.all().delete()
    info = strategy().fetch_for_product(shop.plan.product)
    assert not info.price.exists and not info.availability.is_available_to_buy
    assert not vendors.sold_by_the_shop(shop.plan)


def test_a_plan_that_only_a_stranger_offers_is_indexed_without_a_price(shop, foreign):
    shop.vendor.stockrecords.all().delete()
    index = connections["default"].get_unified_index().get_index(type(shop.plan.product))
    assert index.prepare(shop.plan.product)["price"] is None


def test_a_strangers_price_does_not_get_into_the_index_of_a_running_process(shop):
    index = connections["default"].get_unified_index().get_index(type(shop.plan.product))
    index._strategy = None  # another test's
    index.prepare(shop.plan.product)
    shop.attach_first(shop.make_seller())
    assert index.prepare(Product.objects.get(pk=shop.plan.product.pk))["price"] == D("240.00")


def test_a_shops_own_choice_among_its_own_records_is_left_alone(shop, monkeypatch):
    second = Partner.objects.create(name="Second").stockrecords.create(
        product=shop.plan.product, partner_sku="second", price_currency="EUR", price=D("100.00")
    )
    use_first = "oscar.apps.partner.strategy.UseFirstStockRecord.select_stockrecord"
    monkeypatch.setattr(use_first, lambda self, product: second)
    assert strategy().fetch_for_product(shop.plan.product).stockrecord == second


def test_records_of_sellers_on_other_products_are_none_of_our_business(shop):
    shop.make_service(shop.make_seller())
    assert not vendors.foreign_records().exists()


def test_staff_of_the_vendor_are_no_sellers(shop):
    shop.vendor.users.add(shop.make_user("clerk", is_staff=True))
    assert vendors.sold_by_the_shop(shop.plan)
    assert shop.vendor in vendors.own()


def test_a_customer_among_the_vendors_users_makes_it_a_sellers_partner(shop):
    shop.vendor.users.add(shop.make_user())
    assert not vendors.sold_by_the_shop(shop.plan)
    assert shop.vendor not in vendors.own() and shop.vendor in vendors.with_sellers()


def test_a_seller_without_a_login_makes_a_sellers_partner(shop):
    seller = shop.make_seller()
    seller.partner.users.clear()
    assert vendors.has_sellers(seller.partner)
    assert not vendors.has_sellers(shop.vendor)


def test_a_foreign_record_costs_no_query_more(shop, foreign, django_assert_num_queries):
    for _ in range(2):
        product = type(shop.plan.product).objects.select_related("product_class").get()
        records = list(product.stockrecords.all())
        asked = strategy()
        with django_assert_num_queries(1):
            for record in records:
                asked.availability_policy(product, record)
        StockRecord.objects.filter(pk=foreign.pk).delete()

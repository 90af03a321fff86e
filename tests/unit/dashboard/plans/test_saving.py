"""What an operator does with plans: product, price and conditions together, or nothing."""

from decimal import Decimal as D

import pytest
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.core.loading import get_model

from oscar_subscriptions.dashboard.plans import pricing, saving
from oscar_subscriptions.sellers import search_index

Partner = get_model("partner", "Partner")
Plan = get_model("oscar_subscriptions", "Plan")
Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")


@pytest.fixture
def data(shop):
    return {
        "title": "Gold",
        "description": "<p>All of it</p>",
        "price": D("400.00"),
        "vendor": shop.vendor,
        "category": None,
    }


def fresh(plan):
    return Plan.objects.get(pk=plan.pk)


def test_new_plan_has_a_product_with_a_price(shop, data):
    plan = Plan(months=6, listing_limit=5, grace_days=10, is_renewable=True)
    price = saving.save(plan, data, shop.strategy())
    assert price.incl_tax == D("480.00")
    plan = fresh(plan)
    assert (plan.months, plan.listing_limit, plan.grace_days) == (6, 5, 10)
    assert plan.is_on_sale and plan.is_renewable
    assert (plan.product.title, plan.product.description) == ("Gold", "<p>All of it</p>")
    record = plan.product.stockrecords.get()
    assert (record.partner, record.price, record.price_currency) == (
        shop.vendor,
        D("400.00"),
        "EUR",
    )


def test_title_that_leaves_nothing_of_itself_has_an_address_all_the_same(shop, data):
    plan = Plan()
    saving.save(plan, data | {"title": "+++"}, shop.strategy())
    assert plan.product.slug == "plan"
    saving.save(Plan(), data | {"title": "日" * 255}, shop.strategy())
    assert len(Product.objects.latest("pk").slug) <= 255


def test_vendor_that_is_new_is_made_with_the_plan(shop, data):
    plan = Plan()
    saving.save(plan, data | {"vendor": None, "new_vendor": "Edition"}, shop.strategy())
    assert plan.product.stockrecords.get().partner == Partner.objects.get(name="Edition")


def test_nothing_of_a_refused_plan_is_kept(shop, data):
    before = (Product.objects.count(), Partner.objects.count())
    with pytest.raises(pricing.PriceRefusedError):
        saving.save(
            Plan(), data | {"vendor": None, "new_vendor": "Edition", "price": D(0)}, shop.strategy()
        )
    assert (Product.objects.count(), Partner.objects.count()) == before
    assert Plan.objects.get() == shop.plan


def test_number_of_the_stock_record_changes_with_the_vendor_alone(shop, data):
    record = shop.plan.product.stockrecords.get()
    saving.save(shop.plan, data, shop.strategy())
    same = shop.plan.product.stockrecords.get()
    assert (same.pk, same.partner_sku, same.price) == (record.pk, record.partner_sku, D("400.00"))
    other = Partner.objects.create(name="Edition")
    saving.save(shop.plan, data | {"vendor": other}, shop.strategy())
    moved = shop.plan.product.stockrecords.get()
    assert (moved.pk, moved.partner) == (record.pk, other)
    assert moved.partner_sku != record.partner_sku


def test_price_of_a_seller_who_was_attached_is_not_written(shop, data):
    theirs = shop.attach_first(shop.make_seller())
    saving.save(shop.plan, data, shop.strategy())
    theirs.refresh_from_db()
    assert theirs.price == D("0.01")


def test_category_is_changed_and_others_that_staff_gave_stay(shop, data):
    first, picks = create_from_breadcrumbs("Plans"), create_from_breadcrumbs("Zest")
    product = shop.plan.product
    product.categories.add(first, picks)
    saving.save(shop.plan, data | {"category": shop.category}, shop.strategy())
    assert set(product.categories.all()) == {shop.category, picks}
    assert saving.first_category(product) == shop.category
    saving.save(shop.plan, data, shop.strategy())
    assert set(product.categories.all()) == {picks}


@pytest.mark.parametrize("is_on_sale", [True, False])
def test_plan_that_is_put_on_sale_is_not_hidden(shop, data, is_on_sale):
    hidden = shop.make_plan("Hidden", is_public=False)
    hidden.is_on_sale = is_on_sale
    saving.save(hidden, data, shop.strategy())
    assert fresh(hidden).product.is_public == is_on_sale


def test_plan_off_sale_stays_in_the_catalogue_and_comes_back_with_its_product(shop):
    saving.retire(shop.plan)
    plan = fresh(shop.plan)
    assert not plan.is_on_sale and plan.product.is_public
    Product.objects.filter(pk=plan.product_id).update(is_public=False)
    saving.offer(fresh(plan))
    plan = fresh(plan)
    assert plan.is_on_sale and plan.product.is_public


def test_every_change_reaches_the_index(shop, data, monkeypatch):
    told = []
    monkeypatch.setattr(
        search_index, "refresh", lambda products: told.extend(p.pk for p in products)
    )
    saving.save(shop.plan, data, shop.strategy())
    saving.retire(shop.plan)
    saving.offer(shop.plan)
    assert told == [shop.plan.product_id] * 3


def test_class_of_plans_is_one_that_needs_no_shipping(db):
    shipped = ProductClass.objects.create(name="Subscription", requires_shipping=True)
    made = saving.product_class()
    assert made != shipped and not made.requires_shipping and not made.track_stock
    assert saving.product_class() == made

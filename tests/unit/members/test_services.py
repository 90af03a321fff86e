"""What sellers do with their services: all of it is written, or nothing."""

from decimal import Decimal as D

import pytest
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.core.loading import get_model

from oscar_subscriptions.members import services
from oscar_subscriptions.sellers import listings, parking

Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
StockRecord = get_model("partner", "StockRecord")
Term = get_model("oscar_subscriptions", "Term")

DATA = {"title": "Speaking in public", "description": "<p>One day</p>", "price": D("350.00")}


@pytest.fixture
def seller(shop):
    return shop.make_seller()


def test_new_service_is_in_the_shop_under_the_seller_s_name(shop, seller):
    product = services.add(seller, DATA | {"category": shop.category})
    assert (product.title, product.description) == (DATA["title"], DATA["description"])
    assert (product.is_public, product.structure) == (True, Product.STANDALONE)
    record = product.stockrecords.get()
    assert (record.partner, record.price, record.price_currency) == (
        seller.partner,
        DATA["price"],
        "EUR",
    )
    assert product.categories.get() == shop.category
    assert listings.services(seller).get() == product


def test_nothing_is_added_where_there_is_no_room(shop, seller):
    Term.objects.update(listing_limit=1)
    shop.make_service(seller)
    with pytest.raises(parking.LimitReachedError):
        services.add(seller, DATA)
    assert not Product.objects.filter(title=DATA["title"]).exists()


def test_room_is_counted_under_the_sellers_lock(seller, monkeypatch):
    steps = []
    Seller = get_model("oscar_subscriptions", "Seller")
    lock = type(Seller.objects.all()).select_for_update
    monkeypatch.setattr(
        type(Seller.objects.all()),
        "select_for_update",
        lambda rows, *args, **kwargs: steps.append("lock") or lock(rows, *args, **kwargs),
    )
    monkeypatch.setattr(services.listings, "free_slots", lambda seller: steps.append("count") or 0)
    with pytest.raises(parking.LimitReachedError):
        services.add(seller, DATA)
    assert steps == ["lock", "count"]


def test_change_leaves_the_address_and_what_staff_gave(shop, seller):
    product = shop.make_service(seller, is_public=False)
    picks, other = create_from_breadcrumbs("Picks"), create_from_breadcrumbs("Services > Training")
    product.categories.add(picks)
    slug = product.slug
    services.change(product, seller, DATA | {"category": other})
    product.refresh_from_db()
    assert (product.title, product.slug, product.is_public) == (DATA["title"], slug, False)
    assert product.stockrecords.get().price == DATA["price"]
    assert set(product.categories.all()) == {picks, other}


def test_change_writes_the_price_of_the_seller_alone(shop, seller):
    product = shop.make_service(seller)
    StockRecord.objects.create(
        product=product, partner=shop.vendor, partner_sku="theirs", price=D("9.00")
    )
    services.change(product, seller, DATA)
    prices = dict(product.stockrecords.values_list("partner", "price"))
    assert prices == {seller.partner_id: DATA["price"], shop.vendor.pk: D("9.00")}


def test_change_that_fails_half_way_leaves_the_service_as_it_was(shop, seller, monkeypatch):
    def fails(product, data):
        raise OSError("disk full")

    product = shop.make_service(seller, "Coaching")
    monkeypatch.setattr(services.pictures, "store", fails)
    with pytest.raises(OSError, match="disk full"):
        services.change(product, seller, DATA)
    product.refresh_from_db()
    assert (product.title, product.stockrecords.get().price) == ("Coaching", D("50.00"))


def test_parked_service_that_is_published_is_parked_no_more(shop, seller):
    product = shop.make_service(seller, is_public=False)
    seller.parked_listings.create(product=product)
    services.publish(product, seller)
    product.refresh_from_db()
    assert product.is_public and not seller.parked_listings.exists()
    services.withdraw(product, seller)
    product.refresh_from_db()
    assert not product.is_public and not seller.parked_listings.exists()


def test_service_is_published_only_where_there_is_room(shop, seller):
    Term.objects.update(listing_limit=1)
    public, withdrawn = shop.make_service(seller), shop.make_service(seller, is_public=False)
    services.publish(public, seller)
    with pytest.raises(parking.LimitReachedError):
        services.publish(withdrawn, seller)
    withdrawn.refresh_from_db()
    assert not withdrawn.is_public


def test_class_of_services_is_made_once_and_is_neither_shipped_nor_counted(db):
    made = services.service_class()
    assert (made.requires_shipping, made.track_stock) == (False, False)
    ProductClass.objects.create(name=made.name)  # the name is not unique
    assert services.service_class() == made


def test_shop_names_the_class_of_services(db, settings):
    settings.OSCAR_SUBSCRIPTIONS_SERVICE_PRODUCT_CLASS = "Offer"
    assert services.service_class().name == "Offer"

"""Step 13: sellers add, edit, withdraw and publish services; only their own."""

from decimal import Decimal as D

import pytest
from django.urls import reverse
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.core.loading import get_model

from oscar_subscriptions import sellers
from oscar_subscriptions.members import services
from oscar_subscriptions.sellers import listings, search_index

Product = get_model("catalogue", "Product")
ParkedListing = get_model("oscar_subscriptions", "ParkedListing")
SPACE = reverse("subscriptions:member-space")
ADD = reverse("subscriptions:service-add")


def url(name, product):
    return reverse(f"subscriptions:service-{name}", kwargs={"pk": product.pk})


def limit(seller, number):
    get_model("oscar_subscriptions", "Term").objects.filter(subscription__user=seller.user).update(
        listing_limit=number
    )


def test_a_new_service_is_whole_and_in_the_shop(browser, seller, service, client):
    response = browser.post(ADD, service, follow=True)
    assert "“Speaking in public” is in the shop." in response.content.decode()
    product = listings.services(seller).get()
    assert product.is_public
    assert product.structure == Product.STANDALONE
    assert product.description == (
        "<p>One day in a small group.</p>\n\n<p>For whoever has to speak.</p>"
    )
    assert product.product_class.name == "Service"
    assert not product.is_shipping_required
    assert not product.product_class.track_stock
    assert [category.pk for category in product.categories.all()] == [service["category"]]
    record = product.stockrecords.get()
    assert record.partner == seller.partner
    assert (record.price, record.price_currency) == (D("350.00"), "EUR")
    # A stranger opens it and can buy it.
    browser.logout()
    page = browser.get(product.get_absolute_url()).content.decode()
    assert "Add to " in page
    assert "€420.00" in page


def test_a_member_with_a_term_but_no_partner_yet_gets_one(client, shop, service):
    user = shop.make_user()
    shop.grant(user)
    client.force_login(user)
    assert client.post(ADD, service).status_code == 302
    assert listings.services(sellers.get_seller(user)).count() == 1


def test_two_services_of_one_seller_have_different_numbers(browser, seller, service):
    browser.post(ADD, service)
    browser.post(ADD, service)
    skus = seller.partner.stockrecords.values_list("partner_sku", flat=True)
    assert len(set(skus)) == 2


def test_a_title_in_another_alphabet_fits_the_address(browser, seller, service):
    browser.post(ADD, service | {"title": "日" * 255})
    product = listings.services(seller).get()
    assert len(product.slug) <= 255
    assert browser.get(product.get_absolute_url()).status_code == 200


def test_list_shows_each_state_and_the_count(browser, seller, shop):
    limit(seller, 10)
    shop.make_service(seller, "Open")
    shop.make_service(seller, "Put away", is_public=False)
    parked = shop.make_service(seller, "Parked", is_public=False)
    ParkedListing.objects.create(product=parked, seller=seller)
    page = browser.get(SPACE).content.decode()
    assert "1 of 10 services used" in page
    for state in ("public", "withdrawn", "parked"):
        assert page.count(f'data-state="{state}"') == 1


def test_empty_space_leads_to_the_guide(browser):
    assert reverse("subscriptions:guide") in browser.get(SPACE).content.decode()


def test_edit_changes_what_was_typed_and_nothing_else(browser, seller, shop, service):
    product = shop.make_service(seller, is_public=False)
    shelf = create_from_breadcrumbs("Picks")
    product.categories.add(shelf)
    slug = product.slug
    form = browser.get(url("edit", product)).content.decode()
    assert 'value="50.00"' in form
    browser.post(url("edit", product), service)
    product.refresh_from_db()
    assert product.title == "Speaking in public"
    assert product.stockrecords.get().price == D("350.00")
    assert product.slug == slug
    assert not product.is_public
    # Staff chose the shelf; sellers can't see it, so they can't take it away.
    assert set(product.categories.all()) == {shelf, shop.category}


def test_plain_text_comes_back_as_typed(browser, seller, service):
    browser.post(ADD, service)
    product = listings.services(seller).get()
    assert service["description"] in browser.get(url("edit", product)).content.decode()


def test_withdraw_and_publish(browser, seller, shop):
    product = shop.make_service(seller)
    browser.post(url("withdraw", product))
    product.refresh_from_db()
    assert not product.is_public
    browser.post(url("publish", product))
    product.refresh_from_db()
    assert product.is_public


def test_withdrawing_a_parked_service_keeps_it_away_for_good(browser, seller, shop):
    product = shop.make_service(seller, is_public=False)
    ParkedListing.objects.create(product=product, seller=seller)
    browser.post(url("withdraw", product))
    assert not ParkedListing.objects.exists()


@pytest.mark.parametrize("name", ["withdraw", "publish"])
def test_a_link_changes_nothing(browser, seller, shop, name):
    assert browser.get(url(name, shop.make_service(seller))).status_code == 405


def test_limit_holds_for_add_and_publish(browser, seller, shop, service):
    limit(seller, 1)
    shop.make_service(seller)
    put_away = shop.make_service(seller, "Put away", is_public=False)
    assert browser.get(ADD).headers["Location"] == SPACE
    refused = browser.post(ADD, service)
    assert refused.status_code == 200
    assert "as many services in the shop as your subscription allows" in refused.content.decode()
    assert "Speaking in public" in refused.content.decode()
    page = browser.post(url("publish", put_away), follow=True).content.decode()
    assert "as many services in the shop as your subscription allows" in page
    assert listings.count_public(seller) == 1
    assert listings.services(seller).count() == 2


def test_publishing_what_is_public_needs_no_room(browser, seller, shop):
    limit(seller, 1)
    product = shop.make_service(seller)
    page = browser.post(url("publish", product), follow=True).content.decode()
    assert "is in the shop" in page


def test_room_is_asked_again_when_the_form_arrives(browser, seller, service):
    limit(seller, 1)
    assert browser.get(ADD).status_code == 200
    # Meanwhile, in another tab.
    services.add(seller, {"title": "Other", "description": "<p>x</p>", "price": D(1)})
    assert browser.post(ADD, service).status_code == 200
    assert listings.count_public(seller) == 1


@pytest.mark.parametrize("name", ["edit", "withdraw", "publish"])
def test_only_ones_own_services(browser, shop, seller, name, service):
    other = shop.make_service(shop.make_seller("other"), "Theirs")
    shops = Product.objects.create(title="The shop's", product_class=shop.product_class)
    shop.vendor.stockrecords.create(product=shops, partner_sku="s", price=1)
    for product in (other, shops, shop.plan.product):
        assert browser.post(url(name, product), service).status_code == 404
        product.refresh_from_db()
        assert product.is_public
        assert product.title != service["title"]
    assert browser.post(url(name, Product(pk=10**6)), service).status_code == 404


@pytest.mark.parametrize("name", ["edit", "withdraw", "publish"])
def test_attaching_oneself_to_a_product_does_not_make_it_ones_own(
    browser, shop, seller, name, service
):
    theirs = shop.make_service(shop.make_seller("other"), "Theirs")
    for product in (theirs, shop.plan.product):
        seller.partner.stockrecords.create(product=product, partner_sku=product.pk, price=1)
        assert browser.post(url(name, product), service).status_code == 404
        product.refresh_from_db()
        assert product.is_public
    assert "Theirs" not in browser.get(SPACE).content.decode()


def test_a_plan_without_another_record_is_not_ones_own(browser, shop, seller, service):
    shop.plan.product.stockrecords.update(partner=seller.partner)
    assert browser.post(url("edit", shop.plan.product), service).status_code == 404
    assert "Silver" not in browser.get(SPACE).content.decode().split("list-group")[-1]


def test_queries_do_not_grow_with_services(browser, shop, seller, django_assert_max_num_queries):
    for number in range(2):
        shop.make_service(seller, f"Service {number}")
    browser.get(SPACE)
    with django_assert_max_num_queries(100) as with_2:
        browser.get(SPACE)
    for number in range(18):
        shop.make_service(seller, f"More {number}")
    with django_assert_max_num_queries(len(with_2)):
        browser.get(SPACE)


def test_many_services_are_paged(browser, shop, seller):
    for number in range(51):
        shop.make_service(seller, f"Service {number}")
    assert "Page 1 of 2" in browser.get(SPACE).content.decode()
    assert "Service 0" in browser.get(f"{SPACE}?page=2").content.decode()


def test_a_change_reaches_the_index(browser, seller, service, monkeypatch):
    told = []
    monkeypatch.setattr(
        search_index, "refresh", lambda products: told.append([p.pk for p in products])
    )
    browser.post(ADD, service)
    product = listings.services(seller).get()
    browser.post(url("edit", product), service)
    browser.post(url("withdraw", product))
    browser.post(url("publish", product))
    assert told == [[product.pk]] * 4


def test_nothing_is_written_when_a_write_fails(client, shop, seller, service, monkeypatch):
    def fails(*args):
        raise RuntimeError("disk full")

    monkeypatch.setattr(services.pictures, "store", fails)
    client.force_login(seller.user)
    client.raise_request_exception = False
    before = Product.objects.count()
    assert client.post(ADD, service).status_code == 500
    assert Product.objects.count() == before
    assert not seller.partner.stockrecords.exists()

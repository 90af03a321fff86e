"""A page of Oscar's shop asks one statement more with the extension, two in an account, whatever
is on it and however large the shop is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.core.loading import get_model

OURS = ("oscar_subscriptions_", "subscriptions_")


@pytest.fixture
def page(client, shop):
    """Return how many statements about our tables a page asks, the second time it is opened."""

    def page(url, **named):
        client.get(url, **named)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url, **named).status_code == 200, url
        asked = [query["sql"] for query in queries]
        ours = [sql for sql in asked if any(f'"{name}' in sql for name in OURS)]
        # The lines of a basket are read by Oscar; our basket asks for their plans along with them.
        return [sql for sql in ours if ' FROM "basket_line" ' not in sql]

    return page


@pytest.fixture
def seller(shop):
    return shop.make_seller()


@pytest.fixture
def service(shop, seller):
    for number in range(3):
        shop.make_service(shop.make_seller(f"other{number}"), f"Training {number}")
    return shop.make_service(seller, "Mentoring")


@pytest.fixture
def own_product(shop, service):
    """A product of the shop itself, from the vendor of the plan."""
    record = shop.plan.product.stockrecords.get()
    product = get_model("catalogue", "Product").objects.create(
        title="Cup", slug="cup", product_class=shop.product_class
    )
    product.stockrecords.create(partner=record.partner, partner_sku="cup", price=5)
    return product


def test_a_list_of_products_asks_one(page, own_product):
    for url in (reverse("catalogue:index"), reverse("search:search") + "?q=mentoring"):
        found = page(url)
        assert len(found) <= 1, "\n".join(found)


def test_the_page_of_a_product_asks_one(client, page, own_product, service):
    for product in (own_product, service):
        found = page(product.get_absolute_url())
        assert len(found) <= 1, found
        client.cookies.clear()


def test_products_that_a_visitor_has_seen_before_ask_one_more_together(page, own_product, service):
    for product in get_model("catalogue", "Product").objects.exclude(pk=own_product.pk):
        page(product.get_absolute_url())
    found = page(own_product.get_absolute_url())
    assert len(found) <= 2, found


def test_a_basket_asks_one(client, page, own_product, service):
    for product in (own_product, service):
        client.post(reverse("basket:add", kwargs={"pk": product.pk}), {"quantity": 1})
    found = page(reverse("basket:summary"))
    assert len(found) <= 1, found


@pytest.mark.parametrize("name", ["profile-view", "order-list", "email-list"])
def test_a_page_of_an_account_asks_two(client, shop, page, seller, name):
    client.force_login(seller.user)
    found = page(reverse(f"customer:{name}"))
    assert len(found) <= 2, found


def test_the_page_of_an_order_asks_two(client, shop, page):
    user = shop.make_user()
    order = shop.make_order(user)
    client.force_login(user)
    found = page(reverse("customer:order", kwargs={"order_number": order.number}))
    assert len(found) <= 2, found

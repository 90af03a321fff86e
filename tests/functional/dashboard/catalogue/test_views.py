"""Oscar's catalogue dashboard with our mixins in front; ``functional/holes`` attacks it."""

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from tests.functional import pages

Plan = get_model("oscar_subscriptions", "Plan")
Product = get_model("catalogue", "Product")

LIST = reverse("dashboard:catalogue-product-list")


def address(name, product):
    return reverse(f"dashboard:catalogue-product{name}", kwargs={"pk": product.pk})


def browser_of(user):
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def boss(shop):
    """The browser of a member of staff who may do everything."""
    return browser_of(shop.make_user("boss", is_staff=True, is_superuser=True))


@pytest.fixture
def seller(shop):
    """A seller with a stock record on the plan, whom the shop lets into Oscar's dashboard."""
    seller = shop.make_seller()
    shop.let_in(seller.user)
    shop.attach_first(seller)
    shop.make_service(seller)
    return seller


def test_list_shows_plans_to_staff_alone(shop, seller, boss):
    for browser, has_plan in ((boss, True), (browser_of(seller.user), False)):
        page = pages.text(browser.get(LIST))
        assert "Coaching" in page
        assert ("Silver" in page) == has_plan


def test_staff_open_the_product_of_a_plan_and_sellers_do_not(shop, seller, boss):
    url = address("", shop.plan.product)
    assert boss.get(url).status_code == 200
    assert browser_of(seller.user).get(url).url == LIST


def test_form_that_staff_see_refuses_a_plan_without_a_price(shop, boss):
    shop.plan.product.categories.add(shop.category)
    url = address("", shop.plan.product)
    values = pages.form_values(boss.get(url), "create_update_product_form")
    page = boss.post(url, values | {"stockrecords-0-DELETE": "on"})
    assert "A subscription needs a price." in pages.text(page)
    assert boss.post(url, values | {"title": "Argent"}).status_code == 302
    assert Product.objects.get(pk=shop.plan.product_id).title == "Argent"


def test_plan_is_not_deleted_and_another_product_is(shop, seller, boss):
    service = Product.objects.get(title="Coaching")
    for product in (shop.plan.product, service):
        boss.post(address("-delete", product))
    assert Product.objects.filter(pk=shop.plan.product_id).exists()
    assert not Product.objects.filter(pk=service.pk).exists()


def choose(browser, product):
    """Take the first of Oscar's two steps of a bulk action; return the address of the second."""
    chosen = {"action": "make_products_non_public", "selected_product": product.pk}
    return browser.post(LIST, chosen, follow=True).redirect_chain[-1][0]


def confirm(browser, url, product):
    browser.post(url, {"selected_products": product.pk, "confirm": "on"})
    product.refresh_from_db()


def test_seller_hides_the_own_service_in_bulk_and_no_plan(shop, seller):
    browser, service = browser_of(seller.user), Product.objects.get(title="Coaching")
    for product in (service, shop.plan.product):
        confirm(browser, choose(browser, product), product)
    assert not service.is_public
    assert shop.plan.product.is_public


def test_product_that_becomes_a_plan_between_the_two_steps_is_not_hidden(shop, seller):
    browser, service = browser_of(seller.user), Product.objects.get(title="Coaching")
    url = choose(browser, service)
    Plan.objects.create(product=service)
    confirm(browser, url, service)
    assert service.is_public

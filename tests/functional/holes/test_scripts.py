"""O5: Oscar's product page shows unescaped what a seller wrote in Oscar's dashboard."""

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions.sellers import html
from tests.functional.holes.catalogue import create_product, product_form, product_url

Product = get_model("catalogue", "Product")

pytestmark = pytest.mark.django_db

EVIL = (
    "<p>ok</p><script>alert(1)</script><img src=x onerror=alert(2)><a href='javascript:x()'>y</a>"
)


def write(desk, product, **changes):
    url = product_url(product)
    response = desk.post(url, product_form(desk, url) | changes)
    assert response.status_code == 302
    return desk.get(product.get_absolute_url()).content.decode()


@pytest.fixture
def service(shop, seller):
    return shop.make_service(seller)


@pytest.fixture
def no_guard(monkeypatch):
    """Oscar as it comes."""
    monkeypatch.setattr(html, "sanitised", lambda text, *allowed: text)


@pytest.fixture
def rich_text(shop, service):
    """The class of services has an attribute that may hold HTML."""
    service.product_class.attributes.create(name="Programme", code="programme", type="richtext")


def assert_safe(page):
    assert "<p>ok</p>" in page
    for evil in ("alert(1)", "onerror", "javascript:x"):
        assert evil not in page


def test_o05_a_script_in_a_description_is_not_stored(desk, service):
    assert_safe(write(desk, service, description=EVIL))


def test_o05_nor_in_a_new_product_which_becomes_his_after_it_was_saved(shop, seller, desk):
    create_product(desk, shop, seller.partner, description=EVIL, title="New")
    assert_safe(desk.get(Product.objects.get(title="New").get_absolute_url()).content.decode())


@pytest.mark.usefixtures("rich_text")
def test_o05_nor_in_a_rich_text_attribute(desk, service):
    assert_safe(write(desk, service, attr_programme=EVIL))


@pytest.mark.usefixtures("rich_text")
def test_o05_nor_in_the_rich_text_of_a_new_product(shop, seller, desk, service):
    shop.product_class = service.product_class
    create_product(desk, shop, seller.partner, attr_programme=EVIL, title="New")
    assert_safe(desk.get(Product.objects.get(title="New").get_absolute_url()).content.decode())


def test_o05_nor_by_a_partner_user_who_is_no_seller(shop, service, client):
    partner = service.stockrecords.get().partner
    helper = shop.let_in(shop.make_user("helper"))
    partner.users.add(helper)
    client.force_login(helper)
    assert_safe(write(client, service, description=EVIL))


def test_o05_nor_in_the_parent_of_his_variant(shop, seller, desk, service):
    parent = Product.objects.create(
        title="Parent", structure="parent", product_class=service.product_class
    )
    parent.categories.add(shop.category)
    Product.objects.filter(pk=service.pk).update(
        structure="child", parent=parent, product_class=None
    )
    url = product_url(parent)
    desk.post(url, product_form(desk, url) | {"description": EVIL})
    parent.refresh_from_db()
    assert parent.description == ""


@pytest.mark.usefixtures("no_guard", "rich_text")
@pytest.mark.parametrize("field", ["description", "attr_programme"])
def test_o05_without_the_guard_the_script_runs(desk, service, field):
    assert "<script>alert(1)</script>" in write(desk, service, **{field: EVIL})


def test_o05_what_staff_write_of_the_shops_own_products_is_left_alone(shop, staff_desk):
    shop.plan.product.categories.add(shop.category)
    page = write(staff_desk, shop.plan.product, description="<p class='x'>ok</p>")
    assert "<p class='x'>ok</p>" in page


def test_o05_the_title_is_shown_as_text(desk, service):
    page = write(desk, service, title="<script>alert(1)</script>")
    assert "<script>alert" not in page
    assert "<script>alert" not in desk.get(reverse("catalogue:index")).content.decode()

"""O4 and O6: what a seller in Oscar's dashboard makes of a plan, or of what looks like one."""

from decimal import Decimal as D

import pytest
from django.db.models import ProtectedError
from django.urls import reverse
from oscar.apps.dashboard.catalogue import views as oscars
from oscar.core.loading import get_model

from oscar_subscriptions import sellers
from oscar_subscriptions.dashboard.catalogue import partner_users, sold_plans, views
from oscar_subscriptions.plans import eligibility, offers
from oscar_subscriptions.sellers import search_index
from tests.functional import pages
from tests.functional.holes.catalogue import attach, create_product, product_form, product_url

Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")
Product = get_model("catalogue", "Product")
StockRecord = get_model("partner", "StockRecord")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db

PRODUCTS = reverse("dashboard:catalogue-product-list")


FREE = {"stockrecords-0-price": "0.00"}


@pytest.fixture
def any_price(monkeypatch):
    """Oscar's own form of a stock record."""
    monkeypatch.setattr(partner_users, "guard_price", lambda form: None)


@pytest.mark.usefixtures("any_price")
def test_o04_a_cloned_plan_for_nothing_is_an_ordinary_product(shop, seller, desk):
    create_product(desk, shop, seller.partner, **FREE)
    clone = Product.objects.get(title="Silver", stockrecords__price=0)
    # Oscar lets it happen: public, free, of the very class of the plans, and bought.
    assert (clone.is_public, clone.product_class) == (True, shop.product_class)
    pages.add_to_basket(desk, clone)
    pages.order_page(desk)
    desk.post(reverse("checkout:preview"), {"action": "place_order"})
    order = Order.objects.get()
    assert (order.user, order.total_incl_tax) == (seller.user, 0)
    assert Term.objects.count() == 1  # the one that made him a seller
    assert eligibility.plan_for_product(clone) is None


@pytest.mark.usefixtures("any_price")
def test_o04_nor_does_a_click_on_paid_make_it_a_plan(shop, seller, desk, settings):
    settings.OSCAR_SUBSCRIPTIONS_PAID_ORDER_STATUSES = ["Paid"]
    settings.OSCAR_SUBSCRIPTIONS_ALLOW_FREE = True
    create_product(desk, shop, seller.partner, **FREE)
    pages.add_to_basket(desk, Product.objects.get(stockrecords__price=0))
    pages.order_page(desk)
    desk.post(reverse("checkout:preview"), {"action": "place_order"})
    order = Order.objects.get()
    url = reverse("dashboard:order-detail", kwargs={"number": order.number})
    desk.post(url, {"order_action": "change_order_status", "new_status": "Paid"})
    order.refresh_from_db()
    assert order.status == "Paid"
    assert Term.objects.count() == 1


def test_o06_a_seller_can_t_open_a_plan_in_the_catalogue(shop, seller, desk):
    attach(seller, shop.plan.product)
    for url in (product_url(shop.plan.product), PRODUCTS):
        response = desk.get(url, follow=True)
        assert response.status_code == 200
        assert not pages.soup(response).find("a", string="Silver")
    response = desk.post(product_url(shop.plan.product), {"title": "Mine"}, follow=True)
    assert "“Silver” is a subscription of the shop" in pages.text(response)
    assert Product.objects.get(pk=shop.plan.product.pk).title == "Silver"


def test_o06_without_the_guard_oscar_lets_him_write_it(shop, seller, desk, monkeypatch):
    attach(seller, shop.plan.product)
    shop.plan.product.categories.add(shop.category)
    monkeypatch.setattr(
        views.ProductCreateUpdateView, "stockrecord_formset", oscars.StockRecordFormSet
    )
    monkeypatch.setattr(sold_plans, "plan_sold_as", lambda product_id: None)
    url = product_url(shop.plan.product)
    desk.post(url, product_form(desk, url) | {"title": "Mine"})
    assert Product.objects.get(pk=shop.plan.product.pk).title == "Mine"


def test_o06_a_plan_that_he_was_attached_to_is_sold_at_the_shops_price(shop, seller, client):
    attach(seller, shop.plan.product)
    client.force_login(shop.make_user())
    pages.add_to_basket(client, shop.plan.product)
    assert pages.place_order(client).status_code == 302
    line = Order.objects.get().lines.get()
    assert (line.order.total_incl_tax, line.partner) == (D("240.00"), shop.vendor)


def test_o06_even_if_his_record_comes_first(shop, seller, client):
    shop.attach_first(seller)
    client.force_login(shop.make_user())
    page = pages.add_to_basket(client, shop.plan.product)
    assert "€240.00" in pages.text(page)
    pages.place_order(client)
    assert Order.objects.get().total_incl_tax == D("240.00")


def test_o06_nor_does_any_page_name_him_as_its_seller(
    shop, seller, client, searchable, django_capture_on_commit_callbacks
):
    shop.attach_first(seller)
    with django_capture_on_commit_callbacks(execute=True):
        search_index.refresh([shop.plan.product])
    for url in (reverse("catalogue:index"), shop.plan.product.get_absolute_url()):
        page = pages.text(client.get(url))
        assert "Silver" in page and "€240.00" in page
        assert seller.partner.display_name not in page


def test_o06_without_the_guard_oscar_sells_it_for_one_cent(shop, seller, client, monkeypatch):
    shop.attach_first(seller)
    monkeypatch.setattr(offers.offer_rows, "read", lambda records, products: [])
    monkeypatch.setattr(eligibility, "problem_with_plan", lambda plan, user, **known: "")
    client.force_login(shop.make_user())
    assert "€0.01" in pages.text(pages.add_to_basket(client, shop.plan.product))


def test_o06_a_line_from_before_the_vendor_had_a_stranger_is_not_ordered(shop, seller, client):
    client.force_login(shop.make_user())
    pages.add_to_basket(client, shop.plan.product)
    shop.vendor.users.add(seller.user)
    response = pages.order_page(client)
    assert "no longer available to buy" in pages.text(response)
    assert not Order.objects.exists()


def second_record(seller):
    """What Oscar's form sends of a second stock record, of ``seller``, for one cent."""
    fields = {"partner": seller.partner.pk, "partner_sku": "mine", "price_currency": "EUR"}
    return {f"stockrecords-1-{name}": v for name, v in (fields | {"price": "0.01"}).items()}


def test_o06_staff_can_t_attach_a_seller_to_a_plan(shop, seller, staff_desk):
    shop.plan.product.categories.add(shop.category)
    url = product_url(shop.plan.product)
    response = staff_desk.post(url, product_form(staff_desk, url) | second_record(seller))
    assert response.status_code == 200
    assert "A subscription is sold by the shop itself." in pages.text(response)
    assert StockRecord.objects.count() == 1


def test_o06_without_the_guard_oscar_lets_staff_do_it(shop, seller, staff_desk, monkeypatch):
    shop.plan.product.categories.add(shop.category)
    monkeypatch.setattr(
        views.ProductCreateUpdateView, "stockrecord_formset", oscars.StockRecordFormSet
    )
    url = product_url(shop.plan.product)
    assert (
        staff_desk.post(url, product_form(staff_desk, url) | second_record(seller)).status_code
        == 302
    )
    assert StockRecord.objects.count() == 2


def test_o06_staff_remove_a_stranger_but_not_the_price(shop, seller, staff_desk):
    shop.plan.product.categories.add(shop.category)
    own = shop.plan.product.stockrecords.get()
    attach(seller, shop.plan.product)
    url = product_url(shop.plan.product)
    values = product_form(staff_desk, url)
    number = {values[f"stockrecords-{n}-id"]: n for n in (0, 1)}
    ours = number.pop(str(own.pk))
    [theirs] = number.values()
    all_gone = {f"stockrecords-{n}-DELETE": "on" for n in (ours, theirs)}
    response = staff_desk.post(url, values | all_gone)
    assert "A subscription needs a price." in pages.text(response)
    assert staff_desk.post(url, values | {f"stockrecords-{theirs}-DELETE": "on"}).status_code == 302
    assert shop.plan.product.stockrecords.get() == own


def test_o06_a_seller_can_t_hide_a_plan_in_bulk(shop, seller, desk):
    attach(seller, shop.plan.product)
    service = shop.make_service(seller)
    for product in (shop.plan.product, service):
        hide(desk, product)
        product.refresh_from_db()
    assert shop.plan.product.is_public
    assert not service.is_public


def test_o06_without_the_guard_oscar_lets_him_hide_it(shop, seller, desk, monkeypatch):
    attach(seller, shop.plan.product)
    monkeypatch.setattr(partner_users, "without_plans", lambda view, products: products)
    hide(desk, shop.plan.product)
    shop.plan.product.refresh_from_db()
    assert not shop.plan.product.is_public


def hide(desk, product):
    """Walk Oscar's two steps of the bulk action "make non-public"."""
    url = reverse("dashboard:catalogue-product-bulk-action")
    chosen = {"action": "make_products_non_public", "selected_product": product.pk}
    page = desk.post(PRODUCTS, chosen, follow=True)
    data = {"selected_products": product.pk, "confirm": "on"}
    return page, desk.post(page.redirect_chain[-1][0] if page.redirect_chain else url, data)


@pytest.mark.parametrize("who", ["seller", "staff"])
def test_fault_57_o06_the_product_of_a_plan_is_not_deleted_and_the_page_says_why(
    shop, seller, desk, staff_desk, who
):
    attach(seller, shop.plan.product)
    browser = desk if who == "seller" else staff_desk
    url = reverse("dashboard:catalogue-product-delete", kwargs={"pk": shop.plan.product.pk})
    for send in (browser.get, browser.post):
        response = send(url, follow=True)
        assert response.redirect_chain[-1][0] == PRODUCTS
        assert "“Silver” is a subscription: members may have bought it" in pages.text(response)
    assert Product.objects.filter(pk=shop.plan.product.pk).exists()


def test_fault_57_o06_without_the_guard_it_is_an_error_but_nothing_is_lost(
    shop, staff_desk, monkeypatch
):
    monkeypatch.setattr(sold_plans, "plan_sold_as", lambda product_id: None)
    url = reverse("dashboard:catalogue-product-delete", kwargs={"pk": shop.plan.product.pk})
    with pytest.raises(ProtectedError):
        staff_desk.post(url)
    assert Product.objects.filter(pk=shop.plan.product.pk).exists()


def test_o06_ordinary_products_are_deleted_as_before(shop, seller, desk):
    service = shop.make_service(seller)
    desk.post(reverse("dashboard:catalogue-product-delete", kwargs={"pk": service.pk}))
    assert not Product.objects.filter(pk=service.pk).exists()
    assert sellers.is_seller(seller.user)

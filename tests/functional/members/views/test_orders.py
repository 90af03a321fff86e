"""The orders of a seller's services: his own lines, also when his last day is over."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf, sellers
from tests.functional import pages

Line = get_model("order", "Line")
ORDERS = reverse("subscriptions:seller-orders")


@pytest.fixture(autouse=True)
def pipeline(monkeypatch):
    monkeypatch.setattr(Line, "pipeline", {"Pending": ("Served",), "Served": ()})


@pytest.fixture
def order(shop, seller):
    """Two services of the seller and one of somebody else."""
    other = shop.make_seller("other")
    services = [shop.make_service(seller, "Coaching"), shop.make_service(seller, "Writing")]
    user = shop.make_user("buyer", first_name="Zoé", last_name="Achat")
    return shop.order_products(user, [*services, shop.make_service(other, "Secret")])


def serve(client, order, number=0):
    line = order.lines.order_by("pk")[number]
    url = reverse("subscriptions:line-served", kwargs={"pk": line.pk})
    return client.post(url, follow=True), line


def status(line):
    return Line.objects.get(pk=line.pk).status


def test_a_seller_sees_the_lines_of_his_own_services_and_whom_to_write_to(browser, order):
    page = browser.get(ORDERS)
    words = pages.text(page)
    for expected in ("Coaching", "Writing", f"Order {order.number}", "Zoé Achat", order.email):
        assert expected in words
    assert "Secret" not in words
    assert "Orders" in words and "not a seller" not in words


def test_a_lapsed_seller_sees_and_serves_the_orders_he_has(browser, order, seller, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=400))
    browser.force_login(seller.user)
    assert not sellers.is_seller(type(seller.user).objects.get(pk=seller.user.pk))
    words = pages.text(browser.get(ORDERS))
    assert "Coaching" in words and "not a seller at the moment" in words
    page, line = serve(browser, order)
    assert "is marked as served" in pages.text(page)
    assert status(line) == "Served"
    refused = browser.get(reverse("subscriptions:member-space"))
    assert refused.status_code == 403 and f'href="{ORDERS}"' in refused.content.decode()


def test_a_line_is_served_once_and_the_order_keeps_a_note(browser, order, seller):
    serve(browser, order)
    page, _line = serve(browser, order)
    assert "can&#x27;t be marked as served" in page.content.decode()
    [note] = order.notes.all()
    assert (note.user, note.note_type) == (seller.user, note.SYSTEM)
    assert "Coaching" in note.message
    assert len(pages.soup(page).select("[data-state=served]")) == 1


def test_nobody_serves_the_line_of_another_seller(browser, order):
    response, line = serve(browser, order, 2)
    assert response.status_code == 404 and status(line) == "Pending"


def test_members_who_never_sold_find_nothing(client, shop, order):
    client.force_login(shop.make_user("reader"))
    assert client.get(ORDERS).status_code == 404
    response, line = serve(client, order)
    assert response.status_code == 404 and status(line) == "Pending"
    assert ORDERS not in client.get(reverse("subscriptions:plan-list")).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_visitors_are_led_to_sign_in_and_to_the_list(client, order, method):
    url = reverse("subscriptions:line-served", kwargs={"pk": order.lines.first().pk})
    response = client.get(ORDERS) if method == "get" else client.post(url)
    assert response.headers["Location"] == f"{reverse('customer:login')}?next={ORDERS}"


def test_nothing_is_served_of_a_cancelled_order(browser, order):
    type(order).objects.update(status=conf.settings.CANCELLED_STATUS)
    page, line = serve(browser, order)
    assert status(line) == "Pending"
    assert "cancelled" in pages.text(page) and not pages.soup(page).select("[data-line] form")


def test_a_shop_without_such_a_status_has_no_button(browser, order, monkeypatch):
    monkeypatch.setattr(Line, "pipeline", {})
    page, line = serve(browser, order)
    assert not pages.soup(page).select("[data-line] form") and status(line) == "Pending"


def test_the_number_of_queries_does_not_grow(browser, shop, seller, django_assert_max_num_queries):
    service = shop.make_service(seller)
    for number in range(5):
        shop.order_products(shop.make_user(f"buyer{number}"), [service])
    browser.get(ORDERS)  # content types and sites are cached now
    with django_assert_max_num_queries(20):
        words = pages.text(browser.get(ORDERS))
    assert words.count("Coaching") == 5


def test_who_has_sold_nothing_yet_is_told_so(browser):
    assert "No order yet" in pages.text(browser.get(ORDERS))

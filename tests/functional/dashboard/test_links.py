"""From a customer, an order or an alert it is one click to the subscription, and back."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oscar_subscriptions import alerts, fulfilment
from oscar_subscriptions.dashboard.actions import registry
from tests.functional import pages


@pytest.fixture
def order(shop):
    return shop.make_order(shop.make_user("ada", first_name="Ada", last_name="Martin"))


@pytest.fixture
def boss(shop):
    found = Client()
    found.force_login(shop.make_user("boss", is_staff=True, is_superuser=True))
    return found


def links(response):
    return [link.get("href") for link in pages.soup(response).select("a")]


def page_of(subscription):
    return reverse("subscriptions-dashboard:subscription-detail", args=[subscription.pk])


def test_the_page_of_a_customer_and_of_an_order_lead_to_the_subscription(boss, shop, order):
    customer = reverse("dashboard:user-detail", args=[order.user_id])
    detail = reverse("dashboard:order-detail", args=[order.number])
    for url in (customer, detail):
        assert not pages.soup(boss.get(url)).select(".subscription-links")
    subscription = fulfilment.order_paid(order).term.subscription
    for url in (customer, detail):
        assert page_of(subscription) in links(boss.get(url))
    there = links(boss.get(page_of(subscription)))
    assert customer in there and detail in there


def test_an_unpaid_order_leads_there_too(boss, shop):
    order = shop.place_order(shop.make_user("ada"))
    subscription = order.user.oscar_subscriptions.get()
    detail = reverse("dashboard:order-detail", args=[order.number])
    assert page_of(subscription) in links(boss.get(detail))


@pytest.mark.parametrize("pk", [7, 1234])
def test_an_alert_leads_to_the_member_whose_key_is_not_written_like_an_amount(
    desk, shop, settings, pk
):
    settings.USE_THOUSAND_SEPARATOR = True
    order = shop.make_order(shop.make_user("ada", pk=pk))
    alerts.raise_alert(alerts.NOT_PAYABLE, "key", order=order)
    alert = order.subscription_alerts.get()
    page = desk.get(reverse("subscriptions-dashboard:alert-detail", args=[alert.pk]))
    assert reverse("dashboard:user-detail", args=[order.user_id]) in links(page)


def test_a_shop_without_our_dashboard_shows_names_and_no_links(shop, order, settings):
    subscription = fulfilment.order_paid(order).term.subscription
    operator = shop.make_operator()
    settings.ROOT_URLCONF = "django.contrib.auth.urls"
    assert registry.offers_of_subscription(operator, subscription) == []
    path = "oscar/dashboard/subscriptions/partials/subscription_links.html"
    page = render_to_string(path, {"subscriptions": [subscription]})
    assert str(subscription) in page and "href" not in page


def test_who_may_see_no_subscription_is_shown_none(shop, order):
    subscription = fulfilment.order_paid(order).term.subscription
    clerk = shop.make_operator("clerk", "read")
    group = clerk.groups.get()
    group.permissions.remove(group.permissions.get(codename="view_subscription"))
    browser = Client()
    browser.force_login(clerk)
    page = browser.get(reverse("dashboard:order-detail", args=[order.number]))
    assert page.status_code == 200 and page_of(subscription) not in links(page)


def test_the_page_of_an_order_asks_a_few_indexed_statements_more(boss, order):
    fulfilment.order_paid(order)
    url = reverse("dashboard:order-detail", args=[order.number])
    boss.get(url)
    with CaptureQueriesContext(connection) as queries:
        boss.get(url)
    ours = [one for one in queries if "oscar_subscriptions_subscription" in one["sql"]]
    assert len(ours) <= 4

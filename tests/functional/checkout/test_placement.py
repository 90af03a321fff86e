"""Placing the order of a plan: once, unpaid, with all that belongs to it."""

import pytest
from django.db import connection
from django.urls import reverse
from oscar.apps.order.signals import order_placed
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from tests.functional import pages

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


def test_order_is_written_unpaid_with_consent_and_attempt(shop, chosen, client):
    response = pages.place_order(client)
    order = Order.objects.get()
    assert response.url == reverse("subscriptions-payments:pay", args=[order.number])
    consent = order.subscription_consent
    assert (consent.plan, consent.terms_of_sale) == (shop.plan, shop.terms_of_sale)
    assert consent.starts_on == conf.today()
    attempt = order.subscription_attempts.get()
    assert (attempt.amount, attempt.currency, attempt.status) == (24000, "EUR", "open")
    assert Basket.objects.get(pk=order.basket_id).status == Basket.SUBMITTED
    assert not Term.objects.exists()


def test_second_click_on_the_button_leads_to_the_same_order(chosen, client):
    page = pages.order_page(client)
    values = pages.form_values(page, "place_order_form") | pages.ADDRESS | {"accept_terms": "on"}
    first = client.post(reverse("checkout:preview"), values)
    second = client.post(reverse("checkout:preview"), values)
    assert first.url == second.url
    assert Order.objects.count() == 1
    assert Attempt.objects.count() == 1


def test_same_plan_again_leads_to_the_order_that_waits_for_its_payment(shop, chosen, client):
    first = pages.place_order(client)
    pages.add_to_basket(client, shop.plan.product)
    second = pages.place_order(client)
    assert first.url == second.url
    assert Order.objects.count() == 1


def test_order_placed_is_sent_once_and_only_after_commit(chosen, client):
    seen = []

    def receiver(order, **kwargs):
        seen.append((str(order.number), connection.in_atomic_block))

    order_placed.connect(receiver)
    try:
        pages.place_order(client)
    finally:
        order_placed.disconnect(receiver)
    assert seen == [(Order.objects.get().number, False)]

"""The forms of the order page: what they know beforehand, and what they refuse."""

from decimal import Decimal as D

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from tests.functional import pages

Order = get_model("order", "Order")
TermsOfSale = get_model("oscar_subscriptions", "TermsOfSale")
UserAddress = get_model("address", "UserAddress")

pytestmark = pytest.mark.django_db(transaction=True)


def test_billing_form_is_prefilled_from_the_address_book(shop, chosen, client):
    UserAddress.objects.create(
        user=chosen, first_name="Grace", last_name="H", line1="2 quai Voltaire",
        line4="Lyon", postcode="69001", country=shop.country, is_default_for_billing=True,
    )  # fmt: skip
    values = pages.form_values(pages.order_page(client), "place_order_form")
    assert values["billing-line1"] == "2 quai Voltaire"
    assert values["billing-first_name"] == "Grace"


def test_billing_form_is_prefilled_from_the_profile(chosen, client):
    values = pages.form_values(pages.order_page(client), "place_order_form")
    assert (values["billing-first_name"], values["billing-last_name"]) == ("Ada", "Martin")


def test_what_was_typed_is_there_next_time(shop, client):
    user = shop.make_user()
    client.force_login(user)
    pages.add_to_basket(client, shop.plan.product)
    pages.place_order(client)
    user.refresh_from_db()
    assert user.get_full_name() == "Ada Martin"
    gold = shop.make_plan("Gold")
    pages.add_to_basket(client, gold.product)
    values = pages.form_values(pages.order_page(client), "place_order_form")
    assert values["billing-line1"] == pages.ADDRESS["billing-line1"]


def test_order_without_the_tick_is_refused_on_the_server(chosen, client):
    response = pages.place_order(client, accept_terms=None)
    assert response.status_code == 200
    assert "tick the box" in pages.text(response)
    assert not Order.objects.exists()
    kept = pages.form_values(response, "place_order_form")
    assert kept["billing-line1"] == pages.ADDRESS["billing-line1"]


def test_order_without_an_address_is_refused_and_nothing_typed_is_lost(chosen, client):
    response = pages.place_order(client, **{"billing-line1": ""})
    assert response.status_code == 200
    assert not Order.objects.exists()
    assert pages.form_values(response, "place_order_form")["billing-line4"] == "Paris"


def test_terms_of_sale_that_changed_meanwhile_are_shown_again(chosen, client):
    page = pages.order_page(client)
    values = pages.form_values(page, "place_order_form") | pages.ADDRESS | {"accept_terms": "on"}
    TermsOfSale.objects.create(language="en", version="2026-2", text="New text")
    response = client.post(reverse("checkout:preview"), values)
    assert "have changed meanwhile" in pages.text(response)
    assert not Order.objects.exists()
    values = pages.form_values(response, "place_order_form") | {"accept_terms": "on"}
    assert client.post(reverse("checkout:preview"), values).status_code == 302


def test_price_that_changed_meanwhile_is_shown_before_it_is_charged(shop, chosen, client):
    page = pages.order_page(client)
    values = pages.form_values(page, "place_order_form") | pages.ADDRESS | {"accept_terms": "on"}
    shop.plan.product.stockrecords.update(price=D("300.00"))
    response = client.post(reverse("checkout:preview"), values)
    assert "price has changed" in pages.text(response)
    assert not Order.objects.exists()


def test_nothing_is_sold_without_terms_of_sale(chosen, client):
    TermsOfSale.objects.all().delete()
    response = pages.place_order(client)
    assert "not published its terms of sale" in pages.text(response)
    assert not Order.objects.exists()

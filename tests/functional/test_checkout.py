"""The order page: billing details, summary, tick, button; then to the provider."""

from decimal import Decimal as D

import pytest
from django.db import connection
from django.urls import reverse
from oscar.apps.checkout.signals import post_checkout
from oscar.apps.order.signals import order_placed
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment
from tests.functional import pages

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")
Term = get_model("oscar_subscriptions", "Term")
TermsOfSale = get_model("oscar_subscriptions", "TermsOfSale")
UserAddress = get_model("address", "UserAddress")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chosen(shop, member, client):
    """A member with the plan in the basket."""
    pages.add_to_basket(client, shop.plan.product)
    return member


def test_order_page_is_one_page_with_dates_summary_terms_and_warning(shop, chosen, client):
    response = pages.order_page(client)
    page, shown = pages.soup(response), pages.text(response)
    assert response.redirect_chain[-1][0] == reverse("checkout:preview")
    assert "€240.00" in shown and "€40.00" in shown
    assert "No refund during use." in shown
    assert "will NEVER ask for your card’s secret code" in shown
    tick = page.find("input", attrs={"name": "accept_terms"})
    assert tick["type"] == "checkbox" and not tick.has_attr("checked")


def test_page_asks_for_no_card(chosen, client):
    page = pages.soup(pages.order_page(client))
    names = " ".join(field.get("name", "") for field in page.find_all("input")).lower()
    assert not any(word in names for word in ("card", "cvc", "ccv", "expiry", "iban"))


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


def test_plan_retired_while_in_the_basket_is_refused(shop, chosen, client):
    shop.plan.is_on_sale = False
    shop.plan.save()
    response = pages.order_page(client)
    assert response.redirect_chain[-1][0] == reverse("basket:summary")
    assert "no longer" in pages.text(response)


def test_plan_with_a_suspended_term_can_not_be_bought_and_the_page_says_why(shop, member, client):
    fulfilment.suspend(shop.grant(member), reason="dispute")
    response = pages.add_to_basket(client, shop.plan.product)
    assert "is suspended" in pages.text(response)
    assert not Basket.open.get(owner=member).lines.exists()


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


def test_post_checkout_waits_for_the_payment(chosen, client, standin):
    seen = []

    def receiver(order, **kwargs):
        seen.append(order.number)

    post_checkout.connect(receiver)
    try:
        hosted = client.get(pages.place_order(client).url).url
        assert seen == []
        _, back, _ = standin.submit_card(hosted)
        client.get(back)
    finally:
        post_checkout.disconnect(receiver)
    assert seen == [Order.objects.get().number]


@pytest.mark.parametrize("atomic", [True, False])
def test_journey_with_and_without_atomic_requests(chosen, client, standin, atomic):
    before = connection.settings_dict["ATOMIC_REQUESTS"]
    connection.settings_dict["ATOMIC_REQUESTS"] = atomic
    try:
        hosted = client.get(pages.place_order(client).url).url
        _, back, _ = standin.submit_card(hosted)
        page = client.get(back, follow=True)
    finally:
        connection.settings_dict["ATOMIC_REQUESTS"] = before
    assert "your order is confirmed" in pages.text(page)
    assert Term.objects.count() == 1


def test_basket_without_a_plan_goes_through_oscars_checkout_as_before(shop, member, client):
    service = shop.make_service(shop.make_seller())
    pages.add_to_basket(client, service)
    response = pages.order_page(client)
    assert "Preview order" in pages.text(response) or "Payment" in pages.text(response)
    response = client.post(reverse("checkout:preview"), {"action": "place_order"}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("checkout:thank-you")
    assert Order.objects.get().lines.get().product == service
    assert not Attempt.objects.exists()

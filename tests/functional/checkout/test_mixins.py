"""The checkout of a plan: one page with everything, then to the provider."""

import pytest
from django.db import connection
from django.urls import reverse
from oscar.apps.checkout.signals import post_checkout
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from tests.functional import pages

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


def test_order_page_is_one_page_with_dates_summary_terms_and_warning(shop, chosen, client):
    response = pages.order_page(client)
    page, shown = pages.soup(response), pages.text(response)
    assert response.redirect_chain[-1][0] == reverse("checkout:preview")
    assert "€240.00" in shown and "€40.00" in shown
    assert "No refund during use." in shown
    assert "will NEVER ask for your card’s secret code" in shown
    tick = page.find("input", attrs={"name": "accept_terms"})
    assert tick["type"] == "checkbox" and not tick.has_attr("checked")


def test_plan_goes_from_the_index_straight_to_its_order_page(chosen, client):
    answer = client.get(reverse("checkout:index"))
    assert (answer.status_code, answer.url) == (302, reverse("checkout:preview"))
    assert client.get(answer.url).status_code == 200


def test_order_page_opens_by_itself(chosen, client):
    assert client.get(reverse("checkout:preview")).status_code == 200
    assert Order.objects.count() == 0


def test_plan_that_is_shipped_goes_through_oscars_pages_about_shipping(shop, chosen, client):
    type(shop.plan.product.product_class).objects.update(requires_shipping=True)
    assert client.get(reverse("checkout:index")).url == reverse("checkout:shipping-address")
    assert client.get(reverse("checkout:preview")).url == reverse("checkout:shipping-address")


def test_other_products_begin_where_oscar_begins(shop, member, client):
    pages.add_to_basket(client, shop.make_service(shop.make_seller("seller")))
    assert client.get(reverse("checkout:index")).url == reverse("checkout:shipping-address")


def test_page_asks_for_no_card(chosen, client):
    page = pages.soup(pages.order_page(client))
    names = " ".join(field.get("name", "") for field in page.find_all("input")).lower()
    assert not any(word in names for word in ("card", "cvc", "ccv", "expiry", "iban"))


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

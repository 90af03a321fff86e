"""O10: Oscar asks no payment for nothing, and keeps a voucher that an abandoned order used."""

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions.checkout import placement
from tests.functional import pages

Basket = get_model("basket", "Basket")
Alert = get_model("oscar_subscriptions", "Alert")
Order = get_model("order", "Order")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chosen(shop, member, client):
    """A member with the plan in the basket."""
    pages.add_to_basket(client, shop.plan.product)
    return member


def test_o10_a_free_year_by_voucher_is_refused_unless_the_shop_wants_it(
    shop, chosen, client, settings
):
    voucher = shop.make_voucher(100)
    Basket.open.get(owner=chosen).vouchers.add(voucher)
    response = pages.place_order(client)
    assert "free of charge" in pages.text(response)
    assert not Order.objects.exists()

    settings.OSCAR_SUBSCRIPTIONS_ALLOW_FREE = True
    response = pages.place_order(client)
    assert response.url == reverse("checkout:thank-you")
    assert Term.objects.get().price == 0


def test_o10_a_discount_is_charged_as_shown_and_given_back_when_the_order_is_cancelled(
    shop, chosen, client, standin
):
    voucher = shop.make_voucher(50)
    Basket.open.get(owner=chosen).vouchers.add(voucher)
    assert "€120.00" in pages.text(pages.order_page(client))
    pages.place_order(client)
    order = Order.objects.get()
    assert order.subscription_attempts.get().amount == 12000
    voucher.refresh_from_db()
    assert voucher.num_orders == 1
    client.post(reverse("subscriptions-payments:order-cancel", args=[order.number]))
    voucher.refresh_from_db()
    assert (voucher.num_orders, voucher.applications.count()) == (0, 0)


def test_o10_without_the_guard_the_free_order_is_placed_and_still_gives_no_term(
    shop, chosen, client, monkeypatch
):
    Basket.open.get(owner=chosen).vouchers.add(shop.make_voucher(100))
    monkeypatch.setattr(placement, "_problem_with_zero", lambda total: "")
    pages.place_order(client)
    assert Order.objects.get().total_incl_tax == 0
    assert not Term.objects.exists()
    assert Alert.objects.open().count() == 1


def test_o10_without_both_guards_it_is_a_free_year(shop, chosen, client, monkeypatch):
    Basket.open.get(owner=chosen).vouchers.add(shop.make_voucher(100))
    monkeypatch.setattr(placement, "_problem_with_zero", lambda total: "")
    monkeypatch.setattr("oscar_subscriptions.fulfilment.paid_order._problem", lambda *args: "")
    pages.place_order(client)
    assert Term.objects.get().price == 0

"""O7 and O8: what Oscar puts into a basket for whoever asks by number and quantity."""

import pytest
from oscar.apps.basket import forms as oscars
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.basket import forms
from oscar_subscriptions.basket.mixins import PlanBasketAddViewMixin
from oscar_subscriptions.basket.models import Basket as OurBasket
from oscar_subscriptions.sellers import parking
from oscar_subscriptions.strategy import SubscriptionsStrategyMixin
from tests.functional import pages

Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db


@pytest.fixture
def oscars_basket(monkeypatch):
    """Oscar's own form, basket and availability."""
    monkeypatch.setattr(forms.AddToBasketForm, "clean", oscars.AddToBasketForm.clean)
    monkeypatch.setattr(
        SubscriptionsStrategyMixin,
        "availability_policy",
        lambda self, *args: super(SubscriptionsStrategyMixin, self).availability_policy(*args),
    )
    monkeypatch.setattr(PlanBasketAddViewMixin, "_make_room", lambda view: None)
    for name in ("add_product", "merge", "merge_line"):
        monkeypatch.setattr(OurBasket, name, getattr(OurBasket.__mro__[2], name))


def in_basket():
    return [
        (line.product.title, line.quantity)
        for basket in Basket.open.all()
        for line in basket.lines.all()
    ]


def hidden_plan(shop):
    return shop.make_plan("Hidden", is_public=False).product


def withdrawn_service(shop):
    return shop.make_service(shop.make_seller(), "Hidden", is_public=False)


def parked_service(shop):
    seller = shop.make_seller()
    service = shop.make_service(seller, "Hidden")
    fulfilment.revoke(seller.user.oscar_subscriptions.get().terms.get(), reason="refund")
    parking.park(seller)
    service.refresh_from_db()
    assert not service.is_public
    return service


HIDDEN = [hidden_plan, withdrawn_service, parked_service]


@pytest.mark.parametrize("make", HIDDEN)
def test_o07_what_is_hidden_is_not_sold_by_its_number(shop, member, client, make):
    response = pages.add_to_basket(client, make(shop))
    assert response.status_code == 200
    assert in_basket() == []


@pytest.mark.usefixtures("oscars_basket")
@pytest.mark.parametrize("make", HIDDEN)
def test_o07_without_the_guard_oscar_sells_it(shop, member, client, make):
    pages.add_to_basket(client, make(shop))
    assert in_basket() == [("Hidden", 1)]


def test_o07_a_service_that_is_parked_while_in_the_basket_is_not_ordered(shop, member, client):
    seller = shop.make_seller()
    service = shop.make_service(seller, "Hidden")
    pages.add_to_basket(client, service)
    fulfilment.revoke(seller.user.oscar_subscriptions.get().terms.get(), reason="refund")
    parking.park(seller)
    pages.order_page(client)
    pages.place_with_oscar(client)
    assert not Order.objects.exists()


@pytest.mark.usefixtures("oscars_basket")
def test_o08_seven_years_that_oscar_let_into_the_basket_are_not_ordered(shop, member, client):
    pages.add_to_basket(client, shop.plan.product, quantity=7)
    assert in_basket() == [("Silver", 7)]
    response = pages.order_page(client)
    assert "its quantity is 1" in pages.text(response)
    assert not Order.objects.exists()


@pytest.mark.usefixtures("oscars_basket")
def test_o08_nor_two_plans(shop, member, client):
    pages.add_to_basket(client, shop.plan.product)
    pages.add_to_basket(client, shop.make_plan("Gold").product)
    assert "ordered on its own" in pages.text(pages.order_page(client))
    assert not Order.objects.exists()


@pytest.mark.usefixtures("oscars_basket", "oscars_checkout")
def test_o08_without_the_guards_oscar_takes_the_order_and_no_term_comes_of_it(shop, member, client):
    pages.add_to_basket(client, shop.plan.product, quantity=7)
    pages.order_page(client)
    pages.place_with_oscar(client)
    order = Order.objects.get()
    assert order.lines.get().quantity == 7
    assert fulfilment.order_paid(order).refused
    assert not Term.objects.exists()


def test_o08_one_plan_once_is_what_the_basket_takes(shop, member, client):
    for quantity in (7, 1, 1):
        pages.add_to_basket(client, shop.plan.product, quantity=quantity)
    assert in_basket() == [("Silver", 1)]

"""O16: whether guests may order is a setting of Oscar's; a plan needs a member."""

import sys
from importlib import import_module
from types import ModuleType

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.signing import Signer
from django.urls import include, path, reverse
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from tests.functional import pages

Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_to_guests(settings, monkeypatch):
    """The shop sells to anybody with an e-mail address. Oscar asks that when it makes the URLs."""
    settings.OSCAR_ALLOW_ANON_CHECKOUT = True
    checkout = include((apps.get_app_config("checkout").get_urls(), "checkout"))
    urls = ModuleType("urls_of_a_shop_open_to_guests")
    urls.urlpatterns = [path("checkout/", checkout), *import_module("shop.urls").urlpatterns]
    monkeypatch.setitem(sys.modules, urls.__name__, urls)
    settings.ROOT_URLCONF = urls.__name__


@pytest.fixture
def visitor(shop, client, open_to_guests):
    """A visitor with the plan in the basket."""
    basket = Basket.objects.create()
    basket.strategy = shop.strategy()
    basket.add_product(shop.plan.product, 1)
    client.cookies[django_settings.OSCAR_BASKET_COOKIE_OPEN] = Signer().sign(basket.pk)
    return client


def buy_as_guest(visitor):
    visitor.post(
        reverse("checkout:index"), {"username": "guest@example.com", "options": "anonymous"}
    )
    visitor.get(reverse("checkout:preview"), follow=True)
    return pages.place_with_oscar(visitor)


def test_o16_a_guest_signs_in_before_he_can_order(visitor):
    response = buy_as_guest(visitor)
    assert response.redirect_chain[-1][0].startswith(reverse("customer:login"))
    assert not Order.objects.exists()


@pytest.mark.usefixtures("open_to_guests")
def test_o16_a_guest_can_t_put_a_plan_into_the_basket(shop, client):
    response = pages.add_to_basket(client, shop.plan.product)
    assert response.redirect_chain[-1][0].startswith(reverse("customer:login"))
    assert not Basket.open.filter(lines__isnull=False).exists()


def test_o16_without_the_guard_oscar_takes_the_order_and_no_term_comes_of_it(
    visitor, oscars_checkout
):
    response = buy_as_guest(visitor)
    assert response.redirect_chain[-1][0] == reverse("checkout:thank-you")
    order = Order.objects.get()
    assert order.user is None
    assert fulfilment.order_paid(order).refused
    assert not Term.objects.exists()

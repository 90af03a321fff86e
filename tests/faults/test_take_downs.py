"""A service is taken down just while something else is about to put it into the shop."""

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions.dashboard.catalogue import held_back
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.members import services
from oscar_subscriptions.sellers import bulk_parking, parking, take_downs
from tests.faults import interleave
from tests.functional import pages

ParkedListing = get_model("oscar_subscriptions", "ParkedListing")
Product = get_model("catalogue", "Product")
TakeDown = get_model("oscar_subscriptions", "TakeDown")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)

LIST = reverse("dashboard:catalogue-product-list")


@pytest.fixture
def seller(shop):
    return shop.make_seller()


@pytest.fixture
def service(shop, seller):
    service = shop.make_service(seller)
    service.categories.add(shop.category)
    return service


@pytest.fixture
def take_down(shop, seller, service):
    """Take the service down, as another operator does at the same time."""
    clerk = shop.make_operator()

    def act():
        own = Product.objects.get(pk=service.pk)
        take_downs.take_down(seller, own, reason="A copy.", actor=clerk)

    return act


@pytest.fixture(params=["staff", "seller"])
def browser(request, shop, seller):
    """That of somebody whom Oscar lets into its catalogue."""
    if request.param == "staff":
        user = shop.make_user("boss", is_staff=True, is_superuser=True)
    else:
        user = shop.let_in(seller.user)
    found = Client()
    found.force_login(user)
    return found


def assert_down(service):
    assert TakeDown.objects.open().get().product == service
    assert not Product.objects.get(pk=service.pk).is_public
    assert not ParkedListing.objects.exists()


def test_fault_103_its_seller_publishes_it_just_then(seller, service, take_down):
    parking.withdraw(seller, service)
    with interleave.run_after(take_downs, "check", take_down):
        services.publish(service, seller)
    assert_down(service)


def test_fault_103_its_seller_returns_just_then(seller, service, take_down):
    term = Term.objects.get()
    ledger.suspend(term, reason="dispute")
    with interleave.run_before(bulk_parking, "_show", take_down):
        ledger.resume(term, reason="won")
    assert_down(service)


def test_fault_103_its_page_in_oscars_catalogue_is_saved_just_then(browser, service, take_down):
    url = reverse("dashboard:catalogue-product", args=[service.pk])
    values = pages.form_values(browser.get(url), "create_update_product_form")
    with interleave.run_after(held_back, "problem_with_publishing", take_down):
        assert browser.post(url, values | {"title": "Audit"}).status_code == 302
    assert Product.objects.get(pk=service.pk).title == "Audit"
    assert_down(service)


def test_fault_103_a_bulk_action_publishes_it_just_then(browser, seller, service, take_down):
    parking.withdraw(seller, service)
    chosen = {"action": "make_products_public", "selected_product": service.pk}
    url = browser.post(LIST, chosen, follow=True).redirect_chain[-1][0]
    with interleave.run_after(held_back, "problem_with_publishing", take_down):
        browser.post(url, {"selected_products": service.pk, "confirm": "on"})
    assert_down(service)

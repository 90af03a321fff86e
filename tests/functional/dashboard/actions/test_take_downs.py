"""An operator takes a service, or a page, out of the shop, and its seller reads why."""

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import sellers
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.sellers import take_downs
from tests.functional import pages
from tests.functional.dashboard import acting

ParkedListing = get_model("oscar_subscriptions", "ParkedListing")
Product = get_model("catalogue", "Product")
TakeDown = get_model("oscar_subscriptions", "TakeDown")
Term = get_model("oscar_subscriptions", "Term")

LIST = reverse("dashboard:catalogue-product-list")


@pytest.fixture
def seller(shop):
    return shop.make_seller()


@pytest.fixture
def service(shop, seller):
    return shop.make_service(seller)


@pytest.fixture
def browser(seller):
    """The seller's own."""
    found = Client()
    found.force_login(seller.user)
    return found


def action(name, seller, service=None):
    named = {"pk": seller.pk} | ({"service": service.pk} if service else {})
    return acting.address(name, **named)


def is_public(service):
    return Product.objects.get(pk=service.pk).is_public


def test_fault_103_a_service_is_taken_down_and_lifted(desk, seller, service, browser):
    subscription = seller.user.oscar_subscriptions.get()
    detail = acting.address("subscription-detail", pk=subscription.pk)
    down = action("service-take-down", seller, service)
    assert down in desk.get(detail).content.decode()
    found, page = acting.carry_out(desk, down, reason="A copy of another’s.")
    assert found == [
        "1 service leaves the shop: “Coaching”.",
        "This e-mail goes out to seller@example.com: “Coaching” was taken out of the shop",
    ]
    assert "The service is taken down." in pages.text(page)
    assert "A copy of another’s." in pages.text(page)
    space = browser.get(reverse("subscriptions:member-space"))
    assert "The shop has taken this service down: A copy of another’s." in pages.text(space)
    publish = reverse("subscriptions:service-publish", args=[service.pk])
    assert publish not in space.content.decode()
    refused = browser.post(publish, follow=True)
    assert "The shop has taken this service down" in pages.text(refused)
    assert not is_public(service)
    found, _page = acting.carry_out(desk, action("service-lift", seller, service))
    assert found[0] == "1 service comes back into the shop: “Coaching”."
    assert is_public(service)


def test_a_page_is_taken_down_and_nothing_links_to_it(desk, seller, service, browser):
    page = reverse("subscriptions:seller", args=[seller.partner.code])
    shopper = Client()
    assert shopper.get(page).status_code == 200
    assert page in shopper.get(service.get_absolute_url()).content.decode()
    acting.carry_out(desk, action("seller-page-take-down", seller), reason="The name.")
    assert shopper.get(page).status_code == 404
    product = shopper.get(service.get_absolute_url())
    assert page not in product.content.decode()
    assert seller.partner.display_name in pages.text(product)
    space = pages.text(browser.get(reverse("subscriptions:member-space")))
    assert "The shop has taken your public page down: The name." in space
    acting.carry_out(desk, action("seller-page-lift", seller))
    assert shopper.get(page).status_code == 200


def test_a_service_of_another_seller_is_not_found(desk, shop, seller):
    other = shop.make_service(shop.make_seller("other"))
    assert desk.get(action("service-take-down", seller, other)).status_code == 404


# Oscar's own page of a product.


def product_page(service):
    return reverse("dashboard:catalogue-product", args=[service.pk])


def save(browser, service, **change):
    """Open Oscar's form of a product as staff do, change it, and save."""
    page = browser.get(product_page(service))
    found = pages.soup(page)
    values = {}
    for field in found.select("form[method=post] [name]"):
        kind = field.get("type")
        if kind in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        if field.name == "select":
            chosen = field.select("option[selected]")
            values[field["name"]] = chosen[0].get("value", "") if chosen else ""
        elif field.name == "textarea":
            values[field["name"]] = field.get_text()
        elif kind not in ("file", "submit") and field.name == "input":
            values[field["name"]] = field.get("value", "on" if kind == "checkbox" else "")
    values |= change
    values = {name: value for name, value in values.items() if value is not None}
    return browser.post(product_page(service), {**values, "action": "continue"}, follow=True)


@pytest.fixture
def staff(shop):
    found = Client()
    found.force_login(shop.make_user("boss", is_staff=True, is_superuser=True))
    return found


@pytest.fixture
def parked(seller, service):
    ledger.suspend(Term.objects.of(seller.user).get(), reason="dispute")
    assert ParkedListing.objects.filter(product=service).exists()
    return service


def test_oscars_page_says_that_a_service_is_parked_and_saving_it_keeps_it_so(staff, parked):
    assert pages.soup(staff.get(product_page(parked))).find(id="parked")
    save(staff, parked, title="Coaching, again")
    assert Product.objects.get(pk=parked.pk).title == "Coaching, again"
    assert ParkedListing.objects.filter(product=parked).exists() and not is_public(parked)
    assert not TakeDown.objects.exists()


def test_fault_103_a_parked_service_saved_as_not_public_is_taken_down(staff, seller, parked):
    save(staff, parked, is_public=None)
    assert TakeDown.objects.open().get().product == parked
    ledger.resume(Term.objects.of(seller.user).get(), reason="won")
    assert sellers.is_seller(seller.user) and not is_public(parked)
    assert pages.soup(staff.get(product_page(parked))).find(id="taken_down")
    take_downs.lift(TakeDown.objects.get(), reason="Mended.", actor=seller.user)
    assert is_public(parked)


@pytest.mark.parametrize("who", ["staff", "seller"])
def test_fault_103_what_was_taken_down_is_not_published_in_oscars_catalogue(
    staff, shop, seller, service, browser, who
):
    shop.let_in(seller.user)
    take_downs.take_down(seller, service, reason="A copy.", actor=shop.make_operator("other"))
    page = save(staff if who == "staff" else browser, service, is_public="on")
    assert "“Coaching” was taken down: A copy." in pages.text(page)
    assert not is_public(service)


def in_bulk(browser, action, *services):
    """Take both steps of Oscar's bulk action; return the page at the end."""
    keys = [service.pk for service in services]
    chosen = {"action": action, "selected_product": keys}
    url = browser.post(LIST, chosen, follow=True).redirect_chain[-1][0]
    return browser.post(url, {"selected_products": keys, "confirm": "on"}, follow=True)


@pytest.mark.parametrize("who", ["staff", "seller"])
def test_fault_103_nor_by_a_bulk_action(staff, shop, seller, service, browser, who):
    shop.let_in(seller.user)
    other = shop.make_service(seller, "Audit", is_public=False)
    take_downs.take_down(seller, service, reason="A copy.", actor=shop.make_operator("other"))
    by = staff if who == "staff" else browser
    page = in_bulk(by, "make_products_public", service, other)
    assert "“Coaching” was taken down: A copy." in pages.text(page)
    assert not is_public(service) and not is_public(other)
    in_bulk(by, "make_products_public", other)
    assert is_public(other)


def test_fault_103_parked_services_hidden_in_bulk_are_taken_down(staff, shop, seller, parked):
    withdrawn = shop.make_service(seller, "Audit", is_public=False)
    in_bulk(staff, "make_products_non_public", parked, withdrawn)
    assert [row.product for row in TakeDown.objects.open()] == [parked]
    ledger.resume(Term.objects.of(seller.user).get(), reason="won")
    assert not is_public(parked)


def test_a_seller_who_hides_parked_services_in_bulk_takes_none_down(shop, seller, parked, browser):
    shop.let_in(seller.user)
    in_bulk(browser, "make_products_non_public", parked)
    assert not TakeDown.objects.exists()


def test_what_somebody_else_sells_since_is_lifted_and_stays_out(desk, staff, shop, seller, service):
    take_downs.take_down(seller, service, reason="A copy.", actor=shop.make_operator("other"))
    service.stockrecords.update(partner=shop.vendor)
    lift = action("service-lift", seller, service)
    assert lift in staff.get(product_page(service)).content.decode()
    acting.carry_out(desk, lift)
    assert not TakeDown.objects.open().exists()
    assert not is_public(service) and not ParkedListing.objects.exists()


def test_oscars_page_leads_to_the_subscription_of_its_seller(staff, shop, seller, service):
    found = acting.address("subscription-detail", pk=seller.user.oscar_subscriptions.get().pk)
    assert found in staff.get(product_page(service)).content.decode()
    shop.let_in(seller.user)
    own = Client()
    own.force_login(seller.user)
    assert found not in own.get(product_page(service)).content.decode()


def test_oscars_page_offers_nothing_of_a_member_whose_account_is_gone(staff, shop, seller, service):
    take_downs.take_down(seller, service, reason="A copy.", actor=shop.make_operator("other"))
    seller.user.delete()
    page = staff.get(product_page(service))
    assert pages.soup(page).find(id="taken_down")
    assert action("service-lift", seller, service) not in page.content.decode()

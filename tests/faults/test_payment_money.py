"""Faults 16 to 22: other money than was asked for, and baskets that must not be sold."""

import sys
from decimal import Decimal as D
from importlib import import_module
from types import ModuleType
from unittest import mock

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.signing import Signer
from django.urls import include, path, reverse
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.checkout import placement
from oscar_subscriptions.plans import eligibility
from tests.faults import interleave, invariants
from tests.functional import pages

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Basket = get_model("basket", "Basket")
Consent = get_model("oscar_subscriptions", "Consent")
Order = get_model("order", "Order")
Product = get_model("catalogue", "Product")
Source = get_model("payment", "Source")
StockRecord = get_model("partner", "StockRecord")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


def paid_otherwise(client, standin, told, **wrong):
    """The provider says that it collected something else than it was asked for."""
    standin.delivery(hold=True)
    _, back, _ = standin.submit_card(told)
    standin.control("amend", id=Attempt.objects.get().session_id, set=wrong)
    standin.release(hold=False)
    standin.flush()
    return client.get(back, follow=True)


def assert_refused(shop, page):
    attempt = Attempt.objects.get()
    assert not Term.objects.exists() and not Source.objects.exists()
    assert attempt.status == "refused"
    assert len(invariants.problems_about(attempt)) == 1
    assert "could not assign" in pages.text(page)
    call_command("subscriptions_run", verbosity=0)
    assert not Term.objects.exists()
    invariants.check(shop)


@pytest.mark.parametrize("amount", [23_999, 24_001, 100])
def test_fault_16_another_amount_grants_nothing_and_is_reported(
    shop, client, standin, told, amount
):
    assert_refused(shop, paid_otherwise(client, standin, told, amount_total=amount))


def test_fault_17_another_currency_grants_nothing_and_is_reported(shop, client, standin, told):
    assert_refused(shop, paid_otherwise(client, standin, told, currency="usd"))


@pytest.mark.parametrize(
    ("currency", "price", "units"),
    [("JPY", "20000", 24_000), ("KWD", "60.12", 72_140), ("EUR", "199.99", 23_999)],
)
def test_fault_18_each_currency_is_charged_in_its_exact_minor_units(
    shop, member, client, standin, currency, price, units
):
    shop.plan.product.stockrecords.update(price_currency=currency, price=D(price))
    pages.add_to_basket(client, shop.plan.product)
    _, back, _ = standin.submit_card(client.get(pages.place_order(client).url).url)
    client.get(back)
    assert Attempt.objects.get().amount == units
    assert Term.objects.get().currency == currency
    invariants.check(shop)


def test_fault_18_total_that_can_not_be_charged_exactly_is_refused_not_rounded(
    shop, member, client
):
    shop.plan.product.stockrecords.update(price_currency="JPY", price=D("199.99"))
    pages.add_to_basket(client, shop.plan.product)
    assert "charged exactly" in pages.text(pages.place_order(client))
    assert not Order.objects.exists() and not Attempt.objects.exists()
    assert Basket.open.get(owner=member).lines.count() == 1


def test_fault_19_price_and_plan_edited_after_the_redirect_change_nothing_for_this_member(
    shop, client, order, standin, hosted
):
    shop.plan.product.stockrecords.update(price=D("999.00"), price_currency="USD")
    type(shop.plan).objects.update(months=1, listing_limit=0, grace_days=5, is_on_sale=False)
    Product.objects.filter(pk=shop.plan.product.pk).update(title="Other", is_public=False)
    _, back, _ = standin.submit_card(hosted)
    client.get(back)
    term = Term.objects.get()
    assert (term.price, term.currency, term.plan_title) == (D("240.00"), "EUR", "Silver")
    assert (term.months, term.listing_limit, term.grace_days) == (12, None, 0)
    invariants.check(shop)


def test_fault_19_plan_sold_as_another_product_meanwhile_is_still_the_plan_that_was_ordered(
    shop, client, order, standin, hosted
):
    other = shop.make_plan("Gold", months=36)
    silver, gold = shop.plan.product, other.product
    other.product = Product.objects.create(title="None", product_class=shop.product_class)
    other.save()
    shop.plan.product = gold
    shop.plan.save()
    other.product = silver
    other.save()
    _, back, _ = standin.submit_card(hosted)
    client.get(back)
    term = Term.objects.get()
    assert (term.subscription.plan, term.months) == (shop.plan, 12)
    invariants.check(shop)


def test_fault_20_free_year_by_voucher_is_refused_unless_the_shop_wants_it(
    shop, member, client, settings, standin
):
    pages.add_to_basket(client, shop.plan.product)
    Basket.open.get(owner=member).vouchers.add(shop.make_voucher(100))
    assert "free of charge" in pages.text(pages.place_order(client))
    assert not Order.objects.exists() and not Term.objects.exists()

    settings.OSCAR_SUBSCRIPTIONS_ALLOW_FREE = True
    assert pages.place_order(client).url == reverse("checkout:thank-you")
    assert Term.objects.get().price == 0
    invariants.check(shop)


# 21


def order_values(client):
    """What the order page sends, without the total that it was shown with: an abuser's form."""
    page = pages.order_page(client)
    values = pages.form_values(page, "place_order_form") | pages.ADDRESS | {"accept_terms": "on"}
    del values["shown_total"]
    return values


def make_seven(shop, basket):
    basket.lines.update(quantity=7)


def add_another_plan(shop, basket):
    basket.add_product(shop.make_plan("Gold").product, 1)


def add_a_service(shop, basket):
    basket.add_product(shop.make_service(shop.make_seller()), 1)


def merge_a_service(shop, basket):
    """As a sign-in does, in a shop without our basket app."""
    other = Basket.objects.create()
    other.strategy = shop.strategy()
    other.add_product(shop.make_service(shop.make_seller()), 1)
    other.lines.update(basket=basket)


FORGERIES = [make_seven, add_another_plan, add_a_service, merge_a_service]


def forge(shop, member, how):
    basket = Basket.open.get(owner=member)
    basket.strategy = shop.strategy(member)
    how(shop, basket)


@pytest.mark.parametrize("how", FORGERIES)
def test_fault_21_basket_forged_behind_the_forms_is_refused_at_the_order(shop, member, client, how):
    pages.add_to_basket(client, shop.plan.product)
    values = order_values(client)
    forge(shop, member, how)
    client.post(reverse("checkout:preview"), values, follow=True)
    assert not Order.objects.exists()


def change_while_ordering(shop, member, client):
    """Another tab makes it seven when the form has been checked and the lock is being taken."""
    pages.add_to_basket(client, shop.plan.product)
    values = order_values(client)
    change = lambda: forge(shop, member, make_seven)  # noqa: E731
    with interleave.run_before(placement, "_locked_basket", change):
        return client.post(reverse("checkout:preview"), values)


def test_fault_21_basket_changed_in_another_tab_is_refused_under_the_lock(shop, member, client):
    page = change_while_ordering(shop, member, client)
    assert "its quantity is 1" in pages.text(page)
    assert not Order.objects.exists()


def test_fault_21_without_asking_under_the_lock_seven_are_ordered_control(shop, member, client):
    with mock.patch.object(eligibility, "problem_with_lines", lambda lines, user, held: ""):
        assert change_while_ordering(shop, member, client).status_code == 302
    assert Order.objects.get().lines.get().quantity == 7


def test_fault_21_seven_that_were_ordered_all_the_same_are_refused_when_they_are_paid(
    shop, member, client, standin, hosted
):
    Order.objects.get().lines.update(quantity=7)
    _, back, _ = standin.submit_card(hosted)
    client.get(back)
    assert not Term.objects.exists()
    invariants.check(shop)


# 22


@pytest.fixture
def open_to_guests(settings, monkeypatch):
    """The shop sells to guests. Oscar asks for that setting when it makes its URLs."""
    settings.OSCAR_ALLOW_ANON_CHECKOUT = True
    checkout = include((apps.get_app_config("checkout").get_urls(), "checkout"))
    urls = ModuleType("urls_of_a_shop_open_to_guests")
    urls.urlpatterns = [path("checkout/", checkout), *import_module("shop.urls").urlpatterns]
    monkeypatch.setitem(sys.modules, urls.__name__, urls)
    settings.ROOT_URLCONF = urls.__name__


STEPS = ("index", "preview")


def visit_the_checkout(shop, client, product):
    """Where a visitor with ``product`` in the basket ends up who wants to order."""
    basket = Basket.objects.create()
    basket.strategy = shop.strategy()
    basket.add_product(product, 1)
    client.cookies[django_settings.OSCAR_BASKET_COOKIE_OPEN] = Signer().sign(basket.pk)
    answers = [client.get(reverse(f"checkout:{name}"), follow=True) for name in STEPS]
    return [answer.request["PATH_INFO"] for answer in answers]


@pytest.mark.usefixtures("open_to_guests")
def test_fault_22_shop_that_sells_to_guests_sells_them_no_plan(shop, client):
    login = reverse("customer:login")
    assert visit_the_checkout(shop, client, shop.plan.product) == [login, login]
    client.post(reverse("checkout:preview"), {"accept_terms": "on", **pages.ADDRESS})
    assert not Order.objects.exists()
    index = reverse("checkout:index")
    service = shop.make_service(shop.make_seller())
    assert visit_the_checkout(shop, client, service) == [index, index]  # guests may order here


def test_fault_22_visitor_is_led_to_sign_in(shop, client):
    login = reverse("customer:login")
    assert visit_the_checkout(shop, client, shop.plan.product) == [login, login]


def test_fault_22_order_without_a_member_gives_no_term_when_it_is_paid(shop):
    order = shop.make_order(shop.make_user())
    Order.objects.update(user=None)
    order.refresh_from_db()
    assert fulfilment.order_paid(order).refused == "The member's account no longer exists."
    assert not Term.objects.exists()

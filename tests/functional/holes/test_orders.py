"""O1, O2, O9, O11 and O12: what Oscar lets happen between the basket and the payment."""

from contextlib import nullcontext
from decimal import Decimal as D

import pytest
from django.test import Client
from django.urls import reverse
from oscar.apps.checkout import views as oscars
from oscar.apps.order.signals import order_placed
from oscar.core.loading import get_model

from oscar_subscriptions.checkout import placement
from oscar_subscriptions.checkout.order_forms import ConsentForm
from oscar_subscriptions.checkout.views import PaymentDetailsView
from oscar_subscriptions.payments.gateway import StripeCheckoutGateway
from tests.functional import pages

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db


@pytest.fixture
def chosen(shop, member, client):
    """A member with the plan in the basket."""
    pages.add_to_basket(client, shop.plan.product)
    return member


def same_browser(client):
    """Return a second window with the same cookies."""
    window = Client(raise_request_exception=False)
    window.cookies = client.cookies
    return window


def click_twice(client, monkeypatch, values):
    """Let the second click run to its end while the first has only read its basket."""
    build = PaymentDetailsView.build_submission
    second = []

    def slow(view, **kwargs):
        if not second:
            second.append(None)
            second[0] = same_browser(client).post(reverse("checkout:preview"), values)
        return build(view, **kwargs)

    monkeypatch.setattr(PaymentDetailsView, "build_submission", slow)
    first = same_browser(client).post(reverse("checkout:preview"), values)
    return first, second[0]


def test_o01_a_double_click_makes_one_order_and_one_payment(chosen, client, monkeypatch):
    page = pages.order_page(client)
    values = pages.form_values(page, "place_order_form") | pages.ADDRESS | {"accept_terms": "on"}
    first, second = click_twice(client, monkeypatch, values)
    assert first.url == second.url == pages.pay_url(Order.objects.get())
    assert Attempt.objects.count() == 1
    assert Basket.objects.get(order=Order.objects.get()).status == Basket.SUBMITTED


def test_o01_without_the_guard_oscar_takes_two_payments_and_opens_the_paid_basket(
    chosen, client, monkeypatch, oscars_checkout
):
    payments = []
    monkeypatch.setattr(
        oscars.PaymentDetailsView, "handle_payment", lambda *args, **kwargs: payments.append(args)
    )
    pages.order_page(client)
    _first, second = click_twice(client, monkeypatch, {"action": "place_order"})
    assert second.url == reverse("checkout:thank-you")
    assert len(payments) == 2
    assert Basket.objects.get(order=Order.objects.get()).status == Basket.OPEN


def test_o01_a_basket_that_was_opened_again_is_not_ordered_again(chosen, client):
    first = pages.place_order(client)
    Basket.objects.get(order=Order.objects.get()).thaw()
    second = pages.place_order(client)
    assert first.url == second.url
    assert (Order.objects.count(), Attempt.objects.count()) == (1, 1)


def broken(**kwargs):
    raise RuntimeError("a shop's receiver")


@pytest.fixture
def raising():
    """A shop's receiver that fails on every order."""
    order_placed.connect(broken)
    yield
    order_placed.disconnect(broken)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("raising")
def test_o02_a_receiver_that_raises_does_not_lose_the_order(chosen, client, caplog):
    assert pages.place_order(client).status_code == 302
    assert Order.objects.get().subscription_attempts.count() == 1
    assert "a shop's receiver" in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("raising")
def test_o02_without_the_guard_oscar_loses_it(chosen, client, monkeypatch):
    monkeypatch.setattr(placement, "order_placed_on_commit", nullcontext)
    with pytest.raises(RuntimeError):
        pages.place_order(client)
    assert not Order.objects.exists()


def reprice(shop, price):
    shop.plan.product.stockrecords.update(price=D(price))


def order_page_then_reprice(shop, client):
    page = pages.order_page(client)
    reprice(shop, "0.83")
    values = pages.form_values(page, "place_order_form") | pages.ADDRESS | {"accept_terms": "on"}
    return client.post(reverse("checkout:preview"), values)


def test_o09_a_price_that_changed_since_the_page_is_shown_again(shop, chosen, client):
    response = order_page_then_reprice(shop, client)
    assert "price has changed" in pages.text(response)
    assert not Order.objects.exists()


def test_o09_without_the_guard_oscar_takes_the_new_price(shop, chosen, client, monkeypatch):
    monkeypatch.setattr(ConsentForm, "_price_problem", lambda form, total: "")
    order_page_then_reprice(shop, client)
    assert Order.objects.get().total_incl_tax == D("1.00")


@pytest.mark.django_db(transaction=True)
def test_o09_after_the_order_price_plan_and_currency_are_what_they_were(
    shop, chosen, client, standin
):
    hosted = pages.place_order(client).url
    shop.plan.product.stockrecords.update(price=D("0.83"), price_currency="USD")
    type(shop.plan).objects.update(months=1, listing_limit=1)
    _, back, _ = standin.submit_card(client.get(hosted).url)
    client.get(back)
    attempt, term = Attempt.objects.get(), Term.objects.get()
    assert (attempt.amount, attempt.currency, attempt.status) == (24000, "EUR", "paid")
    assert (term.price, term.currency) == (D("240.00"), "EUR")
    assert (term.months, term.listing_limit) == (12, None)


@pytest.mark.django_db(transaction=True)
def test_o11_the_basket_may_vanish_during_the_payment(shop, chosen, client, standin):
    page = client.get(reverse("basket:summary"))
    old_tab = pages.form_values(page, "basket_formset") | {"form-0-DELETE": "on"}
    hosted = client.get(pages.place_order(client).url).url
    client.post(reverse("basket:summary"), old_tab)
    basket = Order.objects.get().basket
    basket.lines.all().delete()  # as Oscar lets it happen even to a frozen one, see below
    basket.delete()
    _, back, _ = standin.submit_card(hosted)
    client.get(back)
    order = Order.objects.get()
    assert order.lines.get().product == shop.plan.product
    assert Term.objects.get().order_line.order == order


def test_o11_oscars_frozen_basket_loses_its_lines(shop, chosen, client):
    basket = Basket.open.get(owner=chosen)
    page = client.get(reverse("basket:summary"))
    old_tab = pages.form_values(page, "basket_formset") | {"form-0-DELETE": "on"}
    line = basket.lines.get()
    basket.freeze()
    line.delete()
    assert not Basket.objects.get(pk=basket.pk, status=Basket.FROZEN).lines.exists()
    assert client.post(reverse("basket:summary"), old_tab).status_code in (200, 302)


@pytest.fixture
def two_baskets(shop, chosen):
    """Two tabs: while one basket is ordered, the other is open with the same plan."""
    other = Basket.objects.create(owner=chosen, status=Basket.SAVED)
    other.strategy = shop.strategy(chosen)
    other.add_product(shop.plan.product, 1)
    return lambda: Basket.objects.filter(pk=other.pk).update(status=Basket.OPEN)


def order_from_both(client, open_the_other):
    first = pages.place_order(client)
    open_the_other()
    return first, pages.place_order(client)


def test_o12_two_open_baskets_make_one_membership(chosen, client, two_baskets):
    first, second = order_from_both(client, two_baskets)
    assert first.url == second.url
    assert (Order.objects.count(), Attempt.objects.count()) == (1, 1)


def test_o12_without_the_guard_they_make_two(chosen, client, two_baskets, monkeypatch):
    monkeypatch.setattr(StripeCheckoutGateway, "waiting_order", lambda *args: None)
    first, second = order_from_both(client, two_baskets)
    assert first.url != second.url
    assert (Order.objects.count(), Attempt.objects.count()) == (2, 2)

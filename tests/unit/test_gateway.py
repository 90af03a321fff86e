"""What every gateway has to answer, and what it may leave to the defaults."""

from decimal import Decimal as D

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.gateway import Gateway, get_gateway
from oscar_subscriptions.payments.gateway import StripeCheckoutGateway
from tests.projects.stock.gateway import ByInvoice

Attempt = get_model("oscar_subscriptions_payments", "Attempt")


@pytest.fixture
def by_invoice(settings):
    """The gateway of a shop that defines ``begin`` and ``pay_url`` and nothing else."""
    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = "tests.projects.stock.gateway.ByInvoice"


def test_the_setting_names_the_gateway_and_stripe_is_the_default(settings):
    assert type(get_gateway()) is StripeCheckoutGateway
    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = "tests.projects.stock.gateway.ByInvoice"
    assert type(get_gateway()) is ByInvoice


@pytest.mark.parametrize("path", ["shop.nothing.Gateway", "shop.settings.NoSuchGateway", "Gateway"])
def test_a_gateway_that_is_not_there_is_an_import_error(settings, path):
    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = path
    with pytest.raises(ImportError):
        get_gateway()


def test_a_gateway_of_two_methods_sells_a_plan(shop, by_invoice):
    member = shop.make_user()
    order = shop.place_order(member)
    assert not Attempt.objects.exists()
    assert fulfilment.order_paid(order).term.subscription.user == member


def test_a_gateway_of_two_methods_leaves_no_order_waiting(shop, by_invoice):
    order = shop.place_order(shop.make_user())
    assert get_gateway().may_be_paid(order).is_over
    assert get_gateway().waiting_order(order.user, shop.plan) is None


def test_a_gateway_of_two_methods_offers_no_automatic_renewal(shop, by_invoice, settings):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    assert not auto_renewal.is_offered()
    member = shop.make_user()
    assert not get_gateway().has_payment_method(member)
    assert not get_gateway().forget_payment_method(member)
    order = shop.make_order(member)
    assert not get_gateway().begin_charge(order)
    assert not get_gateway().give_up(order)


def test_what_has_no_safe_default_is_asked_of_every_gateway(shop):
    order = shop.make_order(shop.make_user())
    for ask in (
        lambda: Gateway().begin(order),
        lambda: Gateway().pay_url(order),
        lambda: Gateway().charge(order, lambda: True),
    ):
        with pytest.raises(NotImplementedError):
            ask()


AMOUNTS = [
    ("240.00", "EUR", True),
    ("240.005", "EUR", False),
    ("100", "JPY", True),
    ("100.50", "JPY", False),
    ("990.00", "ISK", True),
    ("990.50", "ISK", False),
    ("1000.50", "UGX", False),
    ("12.34", "KWD", True),
]


@pytest.mark.parametrize(("amount", "currency", "can"), [*AMOUNTS, ("12.345", "KWD", False)])
def test_fault_100_stripe_collects_what_it_can_charge_exactly(amount, currency, can):
    assert StripeCheckoutGateway().can_collect(D(amount), currency) == can


@pytest.mark.parametrize(("amount", "currency", "can"), [*AMOUNTS, ("12.345", "KWD", True)])
def test_fault_100_another_gateway_collects_the_decimals_of_the_currency(amount, currency, can):
    assert ByInvoice().can_collect(D(amount), currency) == can

"""The order of a renewal costs the announced price, or it is not placed."""

from datetime import date
from decimal import Decimal as D

import pytest
from oscar.apps.checkout.surcharges import FlatCharge
from oscar.core.loading import get_class, get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.renewals import orders
from tests.functional.renewals.renewing import Order

Basket = get_model("basket", "Basket")
BillingAddress = get_model("order", "BillingAddress")
StockRecord = get_model("partner", "StockRecord")
UserAddress = get_model("address", "UserAddress")

ADDRESS = {
    "first_name": "Ada",
    "last_name": "Martin",
    "line1": "1 rue de la Paix",
    "line4": "Paris",
}


def offer(percent):
    """Let the shop take ``percent`` off everything for everybody."""
    everything = get_model("offer", "Range").objects.create(
        name="All on sale", includes_all_products=True
    )
    get_model("offer", "ConditionalOffer").objects.create(
        name="Sale",
        offer_type="Site",
        condition=get_model("offer", "Condition").objects.create(
            range=everything, type="Count", value=1
        ),
        benefit=get_model("offer", "Benefit").objects.create(
            range=everything, type="Percentage", value=percent
        ),
    )


def test_quote_is_the_price_with_tax_and_leaves_no_basket(shop, ada):
    total = orders.quote(ada, shop.plan)
    assert (total.incl_tax, total.excl_tax, total.currency) == (240, 200, "EUR")
    assert not Basket.objects.exists()


def test_quote_counts_the_offers_of_the_shop_and_no_voucher(shop, ada):
    shop.make_voucher(50)
    offer(10)
    assert orders.quote(ada, shop.plan).incl_tax == D("216.00")


def test_quote_counts_the_surcharges_of_the_shop(shop, ada, monkeypatch):
    handling = FlatCharge(excl_tax=D("10.00"), incl_tax=D("12.00"))
    applicator = get_class("checkout.applicator", "SurchargeApplicator")
    monkeypatch.setattr(applicator, "get_surcharges", lambda self, basket, **kwargs: (handling,))
    assert orders.quote(ada, shop.plan).incl_tax == D("252.00")


def test_fault_100_total_that_can_t_be_charged_exactly_is_not_announced(shop, ada):
    StockRecord.objects.update(price_currency="JPY", price=1000)
    assert orders.quote(ada, shop.plan).incl_tax == 1200
    StockRecord.objects.update(price=D("1000.50"))
    with pytest.raises(orders.NotForSaleError):
        orders.quote(ada, shop.plan)


def withdraw(shop):
    type(shop.plan).objects.update(is_on_sale=False)


def remove_price(shop):
    StockRecord.objects.all().delete()


def give_away(shop):
    StockRecord.objects.update(price=0)


@pytest.mark.parametrize("happens", [withdraw, remove_price, give_away])
def test_plan_that_can_t_be_bought_has_no_quote(shop, ada, happens):
    happens(shop)
    with pytest.raises(orders.NotForSaleError):
        orders.quote(ada, shop.plan)
    assert not Basket.objects.exists()


def test_order_costs_what_was_announced_and_rests_on_the_consent_of_then(shop, planned, ada):
    order = orders.place_renewal_order(planned)
    assert (order.user, order.total_incl_tax, order.currency) == (ada, 240, "EUR")
    assert [line.product for line in order.lines.all()] == [
        planned.follows.subscription.plan.product
    ]
    kept = order.subscription_consent
    consent = planned.auto_renewal
    assert (kept.terms_of_sale, kept.accepted_at) == (consent.terms_of_sale, consent.accepted_at)
    assert (kept.starts_on, kept.ends_on) == (date(2018, 2, 4), date(2019, 2, 3))
    assert order.basket.status == "Submitted"


@pytest.mark.parametrize(
    "change", [{"price": 300}, {"price_currency": "USD"}], ids=["price", "currency"]
)
def test_other_price_than_the_announced_one_orders_nothing(planned, change):
    StockRecord.objects.update(**change)
    with pytest.raises(orders.PriceChangedError):
        orders.place_renewal_order(planned)
    assert not Order.objects.exists() and not Basket.objects.exists()


@pytest.mark.parametrize("field", ["months", "listing_limit", "grace_days"])
def test_other_conditions_than_the_announced_ones_order_nothing(planned, shop, field):
    type(shop.plan).objects.update(**{field: 6})
    planned.refresh_from_db()
    with pytest.raises(orders.PriceChangedError):
        orders.place_renewal_order(planned)
    assert not Order.objects.exists()


def test_without_any_address_the_order_has_none(planned):
    assert orders.place_renewal_order(planned).billing_address is None


def test_billing_address_is_the_members_of_now(planned, shop, ada):
    UserAddress.objects.create(
        user=ada, country=shop.country, is_default_for_billing=True, postcode="69001", **ADDRESS
    )
    assert orders.place_renewal_order(planned).billing_address.postcode == "69001"


def test_billing_address_is_else_a_copy_of_that_of_the_order_before(planned, shop, ada):
    before = shop.place_order(ada)
    planned.follows = fulfilment.order_paid(before).term
    order = orders.place_renewal_order(planned)
    assert order.billing_address.postcode == "75002"
    assert order.billing_address != before.billing_address


def test_receivers_hear_of_the_order_when_it_is_committed(planned, received, commit):
    from oscar.apps.order.signals import order_placed

    heard = received(order_placed)
    with commit():
        order = orders.place_renewal_order(planned)
        assert heard == []
    assert [one["order"] for one in heard] == [order]

"""The checkout and the renewals reach the payments through one gateway."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import gateway
from oscar_subscriptions.payments.gateway import StripeCheckoutGateway
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from tests.bank import Payment

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")
Order = get_model("order", "Order")

STRIPE = StripeCheckoutGateway()


@pytest.fixture
def user(shop):
    return shop.make_user()


@pytest.fixture
def order(shop, user):
    """An order that waits for its payment."""
    return shop.place_order(user)


def test_a_shop_that_sets_no_other_gateway_has_this_one():
    assert isinstance(gateway.get_gateway(), StripeCheckoutGateway)


def test_a_begun_order_waits_and_is_paid_on_the_page_of_its_number(shop, user):
    order = shop.make_order(user)
    assert not STRIPE.may_be_paid(order).now
    STRIPE.begin(order)
    assert STRIPE.may_be_paid(order).now
    assert Attempt.objects.get().order == order
    assert order.number in STRIPE.pay_url(order)


def test_the_newest_order_of_the_plan_that_still_waits_is_found(shop, user, order):
    newest = shop.place_order(user)
    assert STRIPE.waiting_order(user, shop.plan) == newest
    newest.subscription_attempts.update(status="paid")
    assert STRIPE.waiting_order(user, shop.plan) is None, "the older order has given way"


@pytest.mark.parametrize("change", ["member", "plan", "status", "age"])
def test_an_order_of_another_member_or_plan_or_that_is_over_does_not_wait(
    shop, user, order, change, settings
):
    plan = shop.plan
    if change == "member":
        user = shop.make_user("other")
    elif change == "plan":
        plan = shop.make_plan("Gold")
    elif change == "status":
        Order.objects.update(status="Cancelled")
    else:
        settings.OSCAR_SUBSCRIPTIONS_ORDER_DAYS = -1
    assert STRIPE.waiting_order(user, plan) is None


def test_a_member_has_means_once_the_provider_keeps_some(shop, user):
    assert STRIPE.can_renew()
    assert not STRIPE.has_payment_method(user)
    StoredPaymentMethod.objects.create(
        user=user, livemode=False, customer_id="cus_1", payment_method_id="pm_1"
    )
    assert STRIPE.has_payment_method(user) and not STRIPE.has_payment_method(
        shop.make_user("other")
    )
    STRIPE.forget_payment_method(user)
    assert not STRIPE.has_payment_method(user)


def test_a_charge_is_begun_where_nobody_is_paying(shop, user, order):
    assert not STRIPE.begin_charge(order)
    assert STRIPE.begin_charge(shop.make_order(user))
    assert list(Attempt.objects.values_list("kind", flat=True)) == ["hosted", "off-session"]


def test_a_charge_without_means_is_refused_and_one_that_was_never_begun_is_given_up(shop, user):
    order = shop.make_order(user)
    assert STRIPE.charge(order, lambda: True) == gateway.Charge(gateway.GIVEN_UP)
    STRIPE.begin_charge(order)
    refused = gateway.Charge(gateway.REFUSED, "No payment method is kept.")
    assert STRIPE.charge(order, lambda: True) == refused


def test_an_order_given_up_does_not_wait_any_more(order):
    assert STRIPE.give_up(order)
    assert not STRIPE.may_be_paid(order).now


def test_looked_at_again_a_refund_that_nobody_heard_of_takes_the_term(shop, standin):
    payment, other = (Payment(shop, standin, name=name) for name in ("ada", "bea"))
    payment.pay()
    reconcile(payment.attempt)
    payment.refund()
    STRIPE.look_again(other.order)
    assert payment.state == "valid"
    STRIPE.look_again(payment.order)
    assert payment.state == "revoked"

"""An order is cancelled once nobody can pay it any more; voucher and stock are given back."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.payments.attempts import cancellation, hosted
from oscar_subscriptions.payments.attempts.cancellation import cancel_order
from oscar_subscriptions.payments.provider import client, sessions
from tests.bank import Payment

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Order = get_model("order", "Order")
VoucherApplication = get_model("voucher", "VoucherApplication")


@pytest.fixture
def order(shop):
    """An order whose page nobody has asked for yet."""
    order = shop.make_order(shop.make_user())
    hosted.begin(order)
    return order


def statuses(order):
    return list(order.subscription_attempts.order_by("pk").values_list("status", flat=True))


def test_a_cancelled_order_can_not_be_paid_at_the_provider(shop, standin, commit):
    payment = Payment(shop, standin)
    with commit():
        assert cancel_order(payment.order)
    assert payment.attempt.status == "cancelled"
    assert sessions.fetch_session(payment.session)["status"] == "expired"
    assert Order.objects.get().status == "Cancelled"


def test_an_order_that_was_paid_meanwhile_is_fulfilled_instead(shop, standin):
    payment = Payment(shop, standin).pay()
    assert not cancel_order(payment.order)
    assert (payment.attempt.status, payment.state) == ("paid", "valid")
    assert not cancel_order(payment.order)


def test_an_order_is_not_cancelled_while_a_slow_payment_is_under_way(shop, standin):
    standin.control("settings", async_delay=86_400)
    payment = Payment(shop, standin).pay(method="sepa_debit")
    assert not cancel_order(payment.order)
    assert payment.attempt.status == "open"


def test_a_provider_that_does_not_answer_cancels_nothing(shop, standin, monkeypatch):
    monkeypatch.setattr(client, "NETWORK_RETRIES", 0)
    payment = Payment(shop, standin)
    standin.fault(status=500, times=None)
    with pytest.raises(client.ProviderUnavailableError):
        cancel_order(payment.order)
    assert (payment.attempt.status, payment.attempt.reconciled_at) == ("open", None)


def test_an_order_without_a_page_is_cancelled_without_the_provider(order):
    assert cancel_order(order)
    assert statuses(order) == ["cancelled"]


def test_a_charge_that_no_bank_has_heard_of_is_cancelled(shop):
    order = shop.make_order(shop.make_user())
    hosted.begin_off_session(order)
    assert cancel_order(order)
    assert statuses(order) == ["cancelled"]


@pytest.mark.parametrize("status", ["paid", "refused"])
def test_an_order_whose_money_arrived_earlier_is_not_cancelled(order, status):
    Attempt.objects.update(status=status)
    hosted.begin(order)
    assert not cancel_order(order)
    assert statuses(order) == [status, "open"]


def test_an_order_that_gave_a_term_is_not_cancelled_however_it_was_paid(order):
    fulfilment.order_paid(order)
    assert not cancel_order(order)
    assert statuses(order) == ["open"]


def test_an_order_is_closed_once_no_slow_payment_is_under_way(shop, standin):
    standin.control("settings", async_delay=86_400)
    slow = Payment(shop, standin, name="slow").pay(method="sepa_debit")
    assert not cancellation.close_attempts(slow.order)
    assert cancellation.close_attempts(Payment(shop, standin, name="quick").order)


@pytest.fixture
def cancelled(monkeypatch):
    """The orders that were to be cancelled."""
    orders = []
    monkeypatch.setattr(cancellation, "cancel_order", orders.append)
    return orders


@pytest.mark.parametrize(
    ("before", "is_over"),
    [
        (["open"], True),
        (["expired", "open"], True),
        (["expired", "cancelled"], False),
        (["expired", "paid"], False),
        (["refused", "open"], False),
        ([], False),
    ],
)
def test_an_order_gives_way_to_a_newer_one_of_the_plan_unless_money_arrived(
    shop, cancelled, before, is_over
):
    user, gold = shop.make_user(), shop.make_plan("Gold")
    older, middle, newer = (shop.make_order(user) for _ in range(3))
    others = [shop.make_order(shop.make_user("other")), shop.make_order(user, gold)]
    for order in (older, middle, newer, *others):
        shop.keep_consent(order, gold if order == others[1] else shop.plan)
    for order in (newer, *others):
        hosted.begin(order)
    for status in before:
        Attempt.objects.create(order=older, amount=1, currency="EUR", status=status)
    cancellation.cancel_older_orders(middle)
    assert cancelled == [older] * is_over


def test_an_order_that_was_never_to_be_paid_here_is_not_cancelled(shop):
    assert not cancel_order(shop.make_order(shop.make_user()))


@pytest.fixture
def voucher(shop, order):
    """A voucher that took €24 off ``order``."""
    voucher = shop.make_voucher(10)
    offer = voucher.offers.get()
    order.discounts.create(
        offer_id=offer.pk, voucher_id=voucher.pk, amount=24, frequency=2, category="Basket"
    )
    VoucherApplication.objects.create(voucher=voucher, order=order, user=order.user)
    return voucher


def count(voucher, applications):
    """Set the counters as after so many orders like ``order``."""
    type(voucher).objects.update(num_orders=applications, total_discount=24 * applications)
    voucher.offers.update(
        num_orders=applications, num_applications=2 * applications, total_discount=24 * applications
    )


def counted(voucher):
    voucher.refresh_from_db()
    offer = voucher.offers.get()
    return [
        (voucher.num_orders, voucher.total_discount),
        (offer.num_orders, offer.num_applications, offer.total_discount),
    ]


def test_the_use_of_a_voucher_is_taken_back_once(order, voucher):
    count(voucher, 3)
    for _ in range(2):
        assert cancel_order(order)
    assert counted(voucher) == [(2, 48), (2, 4, 48)]
    assert not voucher.applications.exists()


def test_counters_that_staff_have_reset_do_not_fall_below_zero(order, voucher):
    count(voucher, 0)
    assert cancel_order(order)
    assert counted(voucher) == [(0, 0), (0, 0, 0)]


@pytest.mark.parametrize("is_tracked", [True, False])
def test_stock_is_given_back_where_the_shop_counts_it(shop, is_tracked):
    stock = shop.plan.product.stockrecords
    stock.update(num_in_stock=5)
    shop.product_class.track_stock = is_tracked
    shop.product_class.save()
    order = shop.order_products(shop.make_user(), [shop.plan.product])
    hosted.begin(order)
    assert stock.get().num_allocated == (1 if is_tracked else None)
    assert cancel_order(order)
    assert (stock.get().num_in_stock, stock.get().num_allocated or 0) == (5, 0)

"""Orders that staff mark as paid by hand, in a shop that wants this."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import sellers

Seller = get_model("oscar_subscriptions", "Seller")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def member(shop):
    return shop.make_user()


@pytest.fixture
def by_hand(settings):
    settings.OSCAR_SUBSCRIPTIONS_PAID_ORDER_STATUSES = ["Paid"]


def test_a_status_means_nothing_unless_the_shop_says_so(shop, member):
    shop.make_order(member).set_status("Paid")
    assert not Term.objects.exists()


@pytest.mark.usefixtures("by_hand")
def test_an_order_marked_paid_by_staff_makes_a_seller_once(shop, member):
    order = shop.make_order(member)
    order.set_status("Paid")
    order.set_status("Cancelled")
    order.set_status("Paid")
    assert Term.objects.get().order_line.order == order
    assert sellers.is_seller(member)


@pytest.mark.usefixtures("by_hand")
def test_another_status_is_not_paid(shop, member):
    shop.make_order(member).set_status("Cancelled")
    assert not Term.objects.exists()


def line_of_a_seller(shop, member):
    return shop.make_order(member, extra=[shop.make_service(shop.make_seller())])


def line_of_a_partner_that_a_customer_can_write(shop, member):
    order = shop.make_order(member)
    shop.vendor.users.add(member)
    return order


def line_of_a_seller_without_a_login(shop, member):
    order = shop.make_order(member)
    Seller.objects.create(user=None, partner=shop.vendor)
    return order


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize(
    "forge",
    [
        line_of_a_seller,
        line_of_a_partner_that_a_customer_can_write,
        line_of_a_seller_without_a_login,
    ],
)
def test_fault_61_a_seller_can_t_pay_a_membership_by_changing_a_status(
    shop, member, forge, monkeypatch
):
    paid = []
    monkeypatch.setattr("oscar_subscriptions.fulfilment.order_paid", paid.append)
    forge(shop, member).set_status("Paid")
    assert paid == []
    assert not Term.objects.filter(subscription__user=member).exists()


@pytest.mark.usefixtures("by_hand")
def test_an_order_without_a_plan_is_left_alone(shop, member):
    order = shop.make_order(member)
    get_model("oscar_subscriptions", "Plan").objects.all().delete()
    order.set_status("Paid")
    order.refresh_from_db()
    assert order.status == "Paid"
